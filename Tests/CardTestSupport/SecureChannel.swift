import Cryptography
import ISO7816

/// The client's side of the text application's secure messaging, written a second time from the document, with the
/// flaws that a client can have.
public struct SecureChannel {
  private let key: [UInt8]
  private let iv: [UInt8]

  /// One exchange.
  public init(key: [UInt8], counter: UInt64) {
    self.key = key
    let block = [UInt8](repeating: 0, count: 8) + (0..<8).map { UInt8(truncatingIfNeeded: counter >> (56 - 8 * $0)) }
    iv = (try? AES128CBC.encrypt(block, key: key, iv: [UInt8](repeating: 0, count: 16))) ?? []
  }

  /// `86 L 01 cryptogram`, or that with a flaw: `second`, `indicator`, `padding`, `tag`, `blocks`, `form81`, `form82`.
  public func object(_ plain: [UInt8], flaw: String? = nil) throws -> [UInt8] {
    var padded = plain + [flaw == "padding" ? 0x81 : 0x80]
    while padded.count % 16 != 0 { padded.append(0x00) }
    var value = [flaw == "indicator" ? 0x02 : 0x01] + (try AES128CBC.encrypt(padded, key: key, iv: iv))
    if flaw == "blocks" { value.removeLast() }
    let count = UInt8(value.count)
    var header: [UInt8] = [flaw == "tag" ? 0x87 : 0x86]
    header += flaw == "form81" ? [0x81, count] : flaw == "form82" ? [0x82, 0x00, count] : [count]
    let object = header + value
    return flaw == "second" ? object + object : object
  }

  /// What an answer holds.
  public func open(_ data: [UInt8]) throws -> [UInt8] {
    let object = try BERTLV(parsing: data)
    guard object.tag == 0x86, object.encoded.count == data.count || data[1] == 0x81, object.value.first == 0x01 else {
      throw BERTLV.ParseError.unsupported(offset: 0)
    }
    let padded = try AES128CBC.decrypt(Array(object.value.dropFirst()), key: key, iv: iv)
    guard let end = padded.lastIndex(where: { $0 != 0 }), padded[end] == 0x80 else {
      throw BERTLV.ParseError.truncated(offset: 0)
    }
    return Array(padded[..<end])
  }
}
