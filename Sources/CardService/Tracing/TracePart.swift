import Foundation

/// A part of a trace, as the control connection tells it: text of JSON lines, cut anywhere.
public struct TracePart: Codable, Sendable, Equatable {
  /// The text.
  public var text: String
  /// How many events were lost before it, because the client did not keep up.
  public var lost: Int
  /// Whether nothing follows.
  public var isLast: Bool

  // The answer of the control connection that has a part and nothing else. It is JSON as `JSONEncoder` makes it of a
  // `ControlAnswer`, but made and read by hand: who follows a fast program must not slow it down.

  private static let head = Array(#"{"trace":{"isLast":"#.utf8)
  private static let lostWord = Array(#","lost":"#.utf8)
  private static let textWord = Array(#","text":""#.utf8)
  private static let tail = Array(#""}}"#.utf8)

  /// The message of a part.
  /// - Parameter text: in UTF-8, as it stands in a JSON string.
  static func message(quoted text: ArraySlice<UInt8>, lost: Int, isLast: Bool) -> [UInt8] {
    var message = head
    message.reserveCapacity(text.count + 64)
    message += (isLast ? "true" : "false").utf8
    message += lostWord
    message += "\(lost)".utf8
    message += textWord
    message += text
    message += tail
    return message
  }

  /// The part in a message that ``message(quoted:lost:isLast:)`` has made; `nil` for any other.
  init?(message: [UInt8]) {
    var rest = message[...]
    func skip(_ word: [UInt8]) -> Bool {
      guard rest.starts(with: word) else { return false }
      rest = rest.dropFirst(word.count)
      return true
    }
    guard skip(Self.head) else { return nil }
    if skip(Array("true".utf8)) {
      isLast = true
    } else if skip(Array("false".utf8)) {
      isLast = false
    } else {
      return nil
    }
    guard skip(Self.lostWord) else { return nil }
    let digits = rest.prefix { $0 != UInt8(ascii: ",") }
    guard let lost = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    self.lost = lost
    rest = rest[digits.endIndex...]
    guard skip(Self.textWord), rest.count >= Self.tail.count, rest.suffix(Self.tail.count).elementsEqual(Self.tail),
      let text = Self.unquoted(rest.dropLast(Self.tail.count))
    else { return nil }
    self.text = text
  }

  /// The text of a JSON string; `nil` for one with escapes that a trace does not need.
  private static func unquoted(_ quoted: ArraySlice<UInt8>) -> String? {
    quoted.withUnsafeBytes { quoted -> String? in
      var isWellFormed = true
      let text = [UInt8](unsafeUninitializedCapacity: quoted.count) { text, count in
        var place = 0
        while place < quoted.count, let start = quoted.baseAddress {
          let found = memchr(start + place, Int32(backslash), quoted.count - place)
          let end = found.map { UnsafeRawPointer($0) - start } ?? quoted.count
          let target = UnsafeMutableRawBufferPointer(text)
          UnsafeMutableRawBufferPointer(rebasing: target[count..<count + end - place])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: quoted[place..<end]))
          count += end - place
          place = end + 2
          guard end < quoted.count else { return }
          switch end + 1 < quoted.count ? quoted[end + 1] : 0 {
          case quote: text[count] = quote
          case backslash: text[count] = backslash
          case letterN: text[count] = lineFeed
          default:
            isWellFormed = false
            return
          }
          count += 1
        }
      }
      return isWellFormed ? String(decoding: text, as: UTF8.self) : nil
    }
  }

  /// A line feed as it stands in a JSON string.
  static let quotedLineFeed = [backslash, letterN]

  private static var quote: UInt8 { UInt8(ascii: "\"") }
  private static var backslash: UInt8 { UInt8(ascii: "\\") }
  private static var lineFeed: UInt8 { UInt8(ascii: "\n") }
  private static var letterN: UInt8 { UInt8(ascii: "n") }
}
