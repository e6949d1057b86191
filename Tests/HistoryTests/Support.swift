import CardHost
import CardImage
import CardKernel
import Foundation
import ISO7816
import MyNumberCard

/// Where the fixtures of older releases lie.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func image() throws -> CardImage {
    try CardImage.load(from: folder.appendingPathComponent("state-1/image"))
  }
}

/// A folder that vanishes with its last owner.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-history-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }
}

extension CardHost {
  /// A powered card from the fixture's image.
  static func powered(state: URL? = nil) throws -> CardHost {
    let host = try CardHost(image: Fixtures.image(), location: "fixture", stateFolder: state)
    _ = host.powerOn()
    return host
  }

  func send(_ hex: String) -> String {
    guard let bytes = [UInt8](hex: hex), let exchange = transmit(bytes) else { return "-" }
    return exchange.response.hexString
  }

  /// Selects the file of a PIN.
  func select(_ name: PINName) {
    let application = CardGeneration.plastic.application(name.path.application)?.id ?? ""
    _ = send("00A4040C" + [UInt8(application.utf8.count / 2)].hexString + application)
    _ = send("00A4020C02\(name.path.file)")
  }

  func verify(_ name: PINName, _ value: String) -> String {
    select(name)
    return send("00200080" + [UInt8(value.utf8.count)].hexString + Array(value.utf8).hexString)
  }

  func triesLeft(_ name: PINName) -> Int? { pin(name)?.triesLeft }
}
