import ArgumentParser
import CardService
import Foundation
import Synchronization

/// `vmyna connect`: a card in the reader of a vpcd driver.
struct ConnectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect",
    abstract: "Put a card into the reader of a vpcd driver: Windows, macOS, another machine.",
    discussion: """
      Connects to the driver, and again whenever it comes back; the card is in its reader as long as this runs. One line \
      for each change: 'waiting', 'connected', 'disconnected'. Ends cleanly on SIGTERM or SIGINT. With --socket the control \
      commands work on this card: status, set, insert, eject, operator, history.

      vpcd's protocol has no encryption and no password. So only this machine is connected to; lead the port of another \
      machine here with ssh -L.
      """)

  @Option(help: ArgumentHelp("Where the vpcd driver listens.", valueName: "host:port"))
  var vpcd: String

  @Option(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var card: String

  @Option(help: ArgumentHelp("Keep the card's state in this folder (fresh otherwise).", valueName: "folder"))
  var state: String?

  @OptionGroup var durability: DurabilityOption

  @Option(help: ArgumentHelp("Listen for control commands at this socket.", valueName: "path"))
  var socket: String?

  @Flag(help: "Connect to another machine too: everybody on the way can read PINs and use the card.")
  var allowOtherHosts = false

  func run() throws {
    let signals = TerminationSignals()
    let address = try VPCDAddress(vpcd)
    let folder = try PrivateFolder()
    defer { folder.remove() }
    let path = socket.map { URL(fileURLWithPath: $0).path } ?? folder.path + "/socket"
    let library = CardLibrary(stateFolder: state, durability: durability.durability)
    let service = try CardService(
      path: path, slots: 1, readerName: { _ in "vpcd \(address)" }, cardSource: library.cardSource)
    defer { service.stop() }
    let bridge = try VPCDBridge(
      socketPath: path, address: address, allowsOtherHosts: allowOtherHosts, report: { Self.tell($0, address) })
    if allowOtherHosts && !address.isLoopback {
      try FileHandle.standardError.write(
        contentsOf: Data(
          "vmyna: warning: \(address) is another machine; everybody on the way can read PINs and use the card\n".utf8))
    }
    try service.insert(card, slot: 0)
    service.start()
    let end = Self.carry(bridge)
    signals.wait()
    if let fault = end.fault { throw fault }
  }

  /// On a thread of its own, to the end of the process.
  private static func carry(_ bridge: VPCDBridge) -> BridgeEnd {
    nonisolated(unsafe) let bridge = bridge
    let end = BridgeEnd()
    Thread {
      do throws(ServiceFault) {
        try bridge.run()
      } catch {
        end.set(error)
      }
      // The main thread waits for a signal, and takes the socket and the folder away.
      kill(getpid(), SIGTERM)
    }.start()
    return end
  }

  private static func tell(_ event: VPCDBridge.Event, _ address: VPCDAddress) {
    let line =
      switch event {
      case .waiting: "waiting \(address)"
      case .connected: "connected \(address)"
      case .disconnected(let reason): "disconnected \(address): \(reason.rawValue)"
      }
    // Whoever reads may have gone; the card stays.
    try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }
}

/// Why the bridge has ended, for the thread that waits.
private final class BridgeEnd: Sendable {
  private let kept = Mutex<ServiceFault?>(nil)

  var fault: ServiceFault? { kept.withLock { $0 } }

  func set(_ fault: ServiceFault) { kept.withLock { $0 = fault } }
}

/// A folder that nobody else can look into, gone with its owner.
struct PrivateFolder {
  let path: String

  init() throws {
    var template = Array((FileManager.default.temporaryDirectory.path + "/vmyna-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw UserError(
        "no folder can be made", at: FileManager.default.temporaryDirectory.path,
        fix: "make room there, or name another place in TMPDIR", exitCode: 3)
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
