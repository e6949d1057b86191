import ArgumentParser
import Authority
import Cryptography
import Foundation
import Synchronization

/// `vmyna pki ocsp`: the responder on loopback.
struct PKIOCSPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ocsp",
    abstract: "Answer OCSP requests on loopback until ended.",
    discussion: """
      RFC 6960 over HTTP, POST and GET. Prints one line with its address when it is ready; ends on SIGTERM and SIGINT. The \
      registry is read for each request, so a revocation is known at once.
      """)

  @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "number"))
  var port: UInt16
  @OptionGroup var options: PKIOptions

  func run() throws {
    let (store, name) = (try options.store(), try options.name())
    // A damaged registry is said now, not in every answer.
    _ = try PKIError.told(exitCode: 1) { try store.load() }
    let source = try OCSPSource(
      store: store, gallery: options.gallery(), name: name, fixed: options.at == nil ? nil : options.now())
    let server = try LoopbackHTTPServer(port: port)
    LoopbackHTTPServer.endCleanlyOnSignals()
    print("ready http://127.0.0.1:\(server.port)")
    fflush(nil)
    server.serve { OCSPOverHTTP.answer($0, from: source) }
  }
}

/// Registry, clock and responder behind one door.
final class OCSPSource: Sendable {
  private let store: RegistryStore
  private let gallery: [Registry.Entry]
  private let name: AuthorityName
  private let fixed: Instant?
  /// Remade when a new generation of roots begins.
  private let responder: Mutex<(generation: Int, OCSPResponder)>

  init(store: RegistryStore, gallery: [Registry.Entry], name: AuthorityName, fixed: Instant?) throws {
    self.store = store
    self.gallery = gallery
    self.name = name
    self.fixed = fixed
    let now = fixed ?? Self.clock()
    responder = Mutex(
      try PKIError.told { (try RootGeneration.issuing(at: now).number, try OCSPResponder(name: name, at: now)) })
  }

  private static func clock() -> Instant { Instant(unixSeconds: Int(Date().timeIntervalSince1970)) }

  func respond(to request: [UInt8]) -> [UInt8] {
    let now = fixed ?? Self.clock()
    let current = try? responder.withLock { held in
      let generation = try RootGeneration.issuing(at: now).number
      if held.generation != generation { held = (generation, try OCSPResponder(name: name, at: now)) }
      return held.1
    }
    guard let current, var registry = try? store.load() else { return OCSPRefusal.internalError.der }
    CardRegistry.complete(&registry, with: gallery)
    return current.respond(to: request, registry: registry, at: now)
  }
}

/// RFC 6960, appendix A.
enum OCSPOverHTTP {
  static func answer(_ request: LoopbackHTTPServer.Request, from source: OCSPSource) -> LoopbackHTTPServer.Response {
    let question: [UInt8]
    switch request.method {
    case "POST": question = request.body
    case "GET":
      // The request stands in the path, base64 and then percent-encoded.
      let path = request.target.drop { $0 == "/" }
      guard !path.isEmpty, let text = String(path).removingPercentEncoding, let bytes = Base64.decode(text) else {
        return .plain(400, "Bad Request", "An OCSP request is expected: POST it, or GET it in base64.\n")
      }
      question = bytes
    default: return .plain(405, "Method Not Allowed", "Use POST or GET.\n")
    }
    return LoopbackHTTPServer.Response(
      status: 200, reason: "OK", contentType: "application/ocsp-response", body: source.respond(to: question))
  }
}
