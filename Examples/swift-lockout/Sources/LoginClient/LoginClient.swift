import Foundation

/// What the client needs of a card: the one method of CoreNFC's `NFCISO7816Tag`, in plain parts.
///
/// In the application: `let (data, sw1, sw2) = try await tag.sendCommand(apdu: NFCISO7816APDU(data: command)!)`.
public protocol CardTransport {
  /// Sends a command, and gives data, SW1 and SW2.
  func transmit(_ command: Data) async throws -> (Data, UInt8, UInt8)
}

/// How a log-in with 利用者証明用電子証明書 can fail.
public enum LoginError: Error, Equatable {
  /// The PIN was wrong; so many tries are left.
  case wrongPIN(triesLeft: Int)
  /// The PIN is locked: only the ward office can help.
  case locked
  /// It would be the last try; the user has to be asked first.
  case lastTry
  /// Anything else that the card says.
  case card(UInt16)
}

/// Signs a challenge with the authentication key, and never spends a last try without being told to.
public struct LoginClient {
  private let transport: any CardTransport

  /// A client of one card.
  public init(_ transport: any CardTransport) { self.transport = transport }

  private func send(_ command: [UInt8]) async throws -> (data: Data, status: UInt16) {
    let (data, sw1, sw2) = try await transport.transmit(Data(command))
    return (data, UInt16(sw1) << 8 | UInt16(sw2))
  }

  private func expect(_ command: [UInt8]) async throws -> Data {
    let (data, status) = try await send(command)
    guard status == 0x9000 else { throw LoginError.card(status) }
    return data
  }

  private func select(file: UInt8) async throws { _ = try await expect([0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, file]) }

  /// The tries left of the authentication PIN, without spending one.
  public func triesLeft() async throws -> Int {
    _ = try await expect([0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01])
    try await select(file: 0x18)
    let (_, status) = try await send([0x00, 0x20, 0x00, 0x80])
    guard status & 0xFFF0 == 0x63C0 else { throw LoginError.card(status) }
    return Int(status & 0x000F)
  }

  /// Signs a challenge: a DigestInfo, as PKCS#1 v1.5 wants it.
  /// - Parameters:
  ///   - digestInfo: what is signed.
  ///   - pin: the holder's PIN.
  ///   - mayLock: whether a wrong PIN may lock the card.
  public func sign(_ digestInfo: Data, pin: String, mayLock: Bool = false) async throws -> Data {
    let left = try await triesLeft()
    guard left > 0 else { throw LoginError.locked }
    guard left > 1 || mayLock else { throw LoginError.lastTry }
    let (_, status) = try await send([0x00, 0x20, 0x00, 0x80, UInt8(pin.utf8.count)] + Array(pin.utf8))
    if status & 0xFFF0 == 0x63C0 { throw LoginError.wrongPIN(triesLeft: Int(status & 0x000F)) }
    guard status == 0x9000 else { throw LoginError.card(status) }
    try await select(file: 0x17)
    return try await expect([0x80, 0x2A, 0x00, 0x80, UInt8(digestInfo.count)] + Array(digestInfo) + [0x00])
  }
}
