import Foundation
import ISO7816

// The shape of CoreNFC's `NFCISO7816Tag`, so that code written against a small protocol of its own meets a card here and a tag on a
// phone: Docs/SwiftKit.md, "Code that uses CoreNFC".

extension CommandAPDU {
  /// A command with the labels of `NFCISO7816APDU`.
  /// - Parameter expectedResponseLength: -1 for none, as there.
  public init(
    instructionClass: UInt8, instructionCode: UInt8, p1Parameter: UInt8, p2Parameter: UInt8, data: Data,
    expectedResponseLength: Int
  ) {
    self.init(
      cla: instructionClass, ins: instructionCode, p1: p1Parameter, p2: p2Parameter, data: [UInt8](data),
      expectedLength: expectedResponseLength < 1 ? nil : min(expectedResponseLength, 65_536),
      isExtended: data.count > 255 || expectedResponseLength > 256)
  }
}

extension VirtualCard {
  /// Sends a command; the answer in three parts, as CoreNFC gives it.
  public func sendCommand(apdu: CommandAPDU) async throws -> (Data, UInt8, UInt8) { try parts(of: apdu) }

  /// Sends a command and hands the answer, or the error, to a closure, as CoreNFC does.
  public func sendCommand(
    apdu: CommandAPDU, completionHandler: @escaping (Data, UInt8, UInt8, (any Error)?) -> Void
  ) {
    do {
      let (data, sw1, sw2) = try parts(of: apdu)
      completionHandler(data, sw1, sw2, nil)
    } catch {
      completionHandler(Data(), 0, 0, error)
    }
  }

  private func parts(of apdu: CommandAPDU) throws -> (Data, UInt8, UInt8) {
    let response: ResponseAPDU = try transmit(apdu)
    let word = response.status.rawValue
    return (Data(response.data), UInt8(word >> 8), UInt8(word & 0xFF))
  }
}
