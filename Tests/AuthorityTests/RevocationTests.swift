import Cryptography
import Foundation
import Testing

@testable import Authority

@Suite struct RevocationTests {
  static let since = Instant(year: 2026, month: 11, day: 10, hour: 3)
  static func states(since: Instant) -> [(CertificateState, String?)] {
    [
      (.good, nil), (.revoked(.affiliationChanged, at: since), "affiliationChanged"),
      (.hold(at: since), "certificateHold"),
      (.superseded(by: nil, at: since), "superseded"), (.revoked(.keyCompromise, at: since), "keyCompromise"),
      (.revoked(.unspecified, at: since), "(NONE)"),
    ]
  }

  struct World {
    let scratch: Scratch
    let root: RootAuthority
    let rootFile: String
    var registry = Registry()
    var leaves: [(HolderCertificate, String)] = []

    init(_ hierarchy: Hierarchy, since: Instant = RevocationTests.since) throws {
      scratch = try Scratch()
      root = try RootAuthority(hierarchy, issuingAt: Sample.notBefore)
      rootFile = try scratch.write(root.certificate.pem, "root.pem")
      for (index, state) in RevocationTests.states(since: since).enumerated() {
        let (issued, entry) = try Sample.entry(hierarchy, seed: UInt64(index), state: state.0)
        registry.put(entry)
        leaves.append((issued, try scratch.write(issued.certificate.pem, "leaf\(index).pem")))
      }
    }
  }

  @Test(arguments: Hierarchy.allCases)
  func listsAgreeWithTheRegistry(hierarchy: Hierarchy) throws {
    let world = try World(hierarchy)
    let at = String(Sample.now.unixSeconds)
    let naka = try Municipality(code: "23106")
    for (name, scope) in [("complete", RevocationList.Scope.complete), ("naka", .municipality(naka))] {
      let list = try RevocationList.make(world.registry, root: world.root, scope: scope, at: Sample.now)
      #expect(try list == RevocationList.make(world.registry, root: world.root, scope: scope, at: Sample.now))
      let file = try world.scratch.write(PEM.encode(list, label: "X509 CRL"), "\(name).pem")
      #expect(try openssl("crl", "-in", file, "-noout", "-CAfile", world.rootFile).output.contains("verify OK"))
      for (index, state) in Self.states(since: Self.since).enumerated() {
        let (status, output) = try openssl(
          "verify", "-attime", at, "-crl_check", "-CRLfile", file, "-CAfile", world.rootFile, world.leaves[index].1)
        #expect((status == 0) == (state.1 == nil), "\(output)")
        if state.1 != nil { #expect(output.contains("certificate revoked")) }
      }
    }
  }

  @Test func listHasItsProfile() throws {
    let world = try World(.sign)
    let naka = try Municipality(code: "23106")
    let list = try RevocationList.make(world.registry, root: world.root, scope: .municipality(naka), at: Sample.now)
    let text = try openssl("crl", "-inform", "DER", "-in", world.scratch.write(list, "list"), "-noout", "-text").output
    #expect(text.contains("Version 2"))
    #expect(text.contains("sha256WithRSAEncryption"))
    #expect(text.contains("Issuing Distribution Point: critical"))
    #expect(text.contains("CN = Nagoya-shi Naka-ku CRLDP"))
    #expect(text.contains("X509v3 CRL Number"))
    #expect(text.contains("Affiliation Changed"))
    #expect(text.contains("Certificate Hold"))
    #expect(text.contains("Last Update: Nov 20 01:00:00 2026 GMT"))
    #expect(text.contains("Next Update: Nov 21 01:00:00 2026 GMT"))
    let other = try Municipality(code: "23101")
    let empty = try RevocationList.make(world.registry, root: world.root, scope: .municipality(other), at: Sample.now)
    let emptyText = try openssl("crl", "-inform", "DER", "-in", world.scratch.write(empty, "e"), "-noout", "-text")
      .output
    #expect(emptyText.contains("No Revoked Certificates"))
  }

  /// Revoked on 10 November at 12:00 in Japan. Lists: at once; from 06:00 on the 11th; from midnight after.
  @Test(arguments: [
    (Registry.ListDelay.none, -1, false), (.none, 0, true), (.nextMorning, 3600, false),
    (.nextMorning, 12 * 3600 + 6 * 3600 - 1, false), (.nextMorning, 12 * 3600 + 6 * 3600, true),
    (.nextList, 12 * 3600 - 1, false), (.nextList, 12 * 3600, true),
  ])
  func delayIsASetting(delay: Registry.ListDelay, seconds: Int, listed: Bool) throws {
    let (issued, entry) = try Sample.entry(.auth, state: .revoked(.keyCompromise, at: Self.since))
    var registry = Registry(listDelay: delay)
    registry.put(entry)
    let root = try RootAuthority(.auth, issuingAt: Sample.notBefore)
    let now = Self.since.advanced(by: seconds)
    let scratch = try Scratch()
    let list = try scratch.write(RevocationList.make(registry, root: root, at: now), "list")
    let text = try openssl("crl", "-inform", "DER", "-in", list, "-noout", "-text").output
    #expect(text.contains(issued.certificate.serialHex) == listed)
  }

  /// RFC 5280, 3.3: an entry stays until it has stood on one regular list made after the certificate's end. Revoked an hour
  /// before the end, listed until the list of the next day; revoked days before, just so.
  @Test(arguments: Registry.ListDelay.allCases, [-3600, -86_400 * 9])
  func lapsedCertificatesLeaveTheListAfterOneMore(delay: Registry.ListDelay, revoked: Int) throws {
    let since = Sample.notAfter.advanced(by: revoked)
    let (issued, entry) = try Sample.entry(.auth, state: .revoked(.keyCompromise, at: since))
    var registry = Registry(listDelay: delay)
    registry.put(entry)
    let root = try RootAuthority(.auth, issuingAt: Sample.notBefore)
    let scratch = try Scratch()
    func isListed(daysAfterEnd days: Int) throws -> Bool {
      let now = Sample.notAfter.advanced(by: 1 + days * 86_400 + 7 * 3600)
      let list = try scratch.write(RevocationList.make(registry, root: root, at: now), "list\(days)")
      let text = try openssl("crl", "-inform", "DER", "-in", list, "-noout", "-text").output
      return text.contains(issued.certificate.serialHex)
    }
    #expect(try isListed(daysAfterEnd: 0))
    #expect(try !isListed(daysAfterEnd: 2))
  }

  @Test(arguments: Hierarchy.allCases, ["-sha1", "-sha256"])
  func responderAgreesWithTheRegistry(hierarchy: Hierarchy, hash: String) throws {
    let world = try World(hierarchy, since: Instant(year: 2024, month: 1, day: 10, hour: 3))
    // openssl compares the answer's times with the machine's clock.
    let now = Instant(unixSeconds: Int(Date().timeIntervalSince1970))
    let responder = try OCSPResponder(at: now)
    let stranger = try scratchLeaf(hierarchy, world.scratch)
    for (file, expected) in zip(world.leaves.map(\.1), Self.states(since: Self.since).map(\.1)) + [
      (stranger, "unknown")
    ] {
      let (request, response) = (world.scratch.path("request"), world.scratch.path("response"))
      _ = try openssl("ocsp", hash, "-issuer", world.rootFile, "-cert", file, "-reqout", request)
      let answer = responder.respond(
        to: Array(try Data(contentsOf: URL(fileURLWithPath: request))), registry: world.registry, at: now)
      _ = try world.scratch.write(answer, "response")
      let (status, output) = try openssl(
        "ocsp", hash, "-issuer", world.rootFile, "-cert", file, "-no_nonce", "-respin", response, "-CAfile",
        world.rootFile)
      // The request alone brings its nonce, and openssl compares it.
      let nonce = try openssl("ocsp", "-reqin", request, "-respin", response, "-CAfile", world.rootFile)
      #expect(nonce.status == 0 && nonce.output.contains("Response verify OK"), "\(nonce.output)")
      #expect(status == 0, "\(output)")
      #expect(output.contains("Response verify OK"), "\(output)")
      #expect(!output.contains("WARNING"), "\(output)")
      switch expected {
      case nil: #expect(output.contains(": good"), "\(output)")
      case "unknown": #expect(output.contains(": unknown"), "\(output)")
      case let reason?:
        #expect(output.contains(": revoked"), "\(output)")
        if reason != "(NONE)" { #expect(output.contains("Reason: \(reason)"), "\(output)") }
        #expect(output.contains("Revocation Time: Jan 10 03:00:00 2024 GMT"))
      }
    }
  }

  private func scratchLeaf(_ hierarchy: Hierarchy, _ scratch: Scratch) throws -> String {
    try scratch.write(HolderCertificate(Sample.request(hierarchy, seed: 99)).certificate.pem, "stranger.pem")
  }

  @Test func responderAnswersEveryGeneration() throws {
    let now = Instant(unixSeconds: Int(Date().timeIntervalSince1970))
    let responder = try OCSPResponder(at: now)
    let scratch = try Scratch()
    var request = try Sample.request(.auth)
    request.generation = 2
    let issued = try HolderCertificate(request)
    var registry = Registry()
    registry.put(Registry.Entry(issued, hierarchy: .auth, municipality: request.municipality))
    let root = try scratch.write(issued.root.pem, "root.pem")
    let leaf = try scratch.write(issued.certificate.pem, "leaf.pem")
    _ = try openssl("ocsp", "-issuer", root, "-cert", leaf, "-reqout", scratch.path("q"))
    let question = Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path("q"))))
    let answer = try scratch.write(responder.respond(to: question, registry: registry, at: now), "a")
    let output = try openssl(
      "ocsp", "-issuer", root, "-cert", leaf, "-no_nonce", "-respin", answer, "-CAfile", root
    ).output
    #expect(output.contains("Response verify OK") && output.contains(": good"), "\(output)")
    #expect(
      responder.respond(to: question, registry: registry, at: now)
        == responder.respond(to: question, registry: registry, at: now))
  }

  @Test func rubbishIsAnsweredAndNeverFatal() throws {
    let now = Sample.now
    let responder = try OCSPResponder(at: now)
    let malformed = OCSPRefusal.malformedRequest.der
    #expect(malformed == [0x30, 3, 0x0A, 1, 1])
    #expect(responder.respond(to: [], registry: Registry(), at: now) == malformed)
    #expect(responder.respond(to: [0x30, 0x80], registry: Registry(), at: now) == malformed)
    let world = try World(.auth)
    let file = world.scratch.path("q")
    _ = try openssl("ocsp", "-issuer", world.rootFile, "-cert", world.leaves[0].1, "-reqout", file)
    let good = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(responder.respond(to: good + [0], registry: world.registry, at: now) == malformed)
    let seed = UInt64(Date().timeIntervalSince1970)
    var random = SeededRandom(label: "ocsp rubbish", seed: seed)
    for index in 0..<400 {
      var damaged = good
      damaged[Int(random.number(below: UInt64(good.count)))] = random.bytes(1)[0]
      let answer = responder.respond(to: damaged, registry: world.registry, at: now)
      #expect(answer.first == 0x30, "seed \(seed), round \(index)")
    }
    for length in good.indices {
      #expect(responder.respond(to: Array(good.prefix(length)), registry: world.registry, at: now) == malformed)
    }
    // Somebody else's certificate.
    let (key, own) = (world.scratch.path("k.pem"), world.scratch.path("own.pem"))
    _ = try openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", key, "-out", own)
    _ = try openssl("ocsp", "-issuer", own, "-cert", own, "-reqout", file)
    let foreign = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(responder.respond(to: foreign, registry: world.registry, at: now) == OCSPRefusal.unauthorized.der)
  }
}
