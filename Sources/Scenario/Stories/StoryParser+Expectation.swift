import ISO7816

extension StoryParser {
  private static let words = [
    "ok", "locked", "refused", "mute", "no card", "3 left", "9000", "\"text\"", "length 1400", "valid", "expired",
  ]

  /// The last digit of 63Cx.
  private static let mostTriesLeft = 0xF

  /// What stands behind `->` or `expect`.
  mutating func parseExpectation() throws(StoryFault) -> StoryExpectation {
    let first = try words.need("what must come of it", "-> ok, -> 63C2, -> 2 left, -> locked, -> refused")
    if first.isQuoted { return .text(first.text) }
    switch first.text {
    case "ok": return .ok
    case "locked": return .locked
    case "refused": return .refused
    case "mute": return .mute
    case "no" where words.take("card"): return .noCard
    case "length":
      let word = try words.need("the length", "-> length 1400")
      guard let length = Int(word.text), length >= 0 else {
        throw words.fault("'\(word.text)' is no length", at: word, fix: "write: -> length 1400")
      }
      return .length(length)
    default: break
    }
    if let term = StoryExpectation.CertificateTerm(rawValue: first.text) { return .certificate(term) }
    if let count = Int(first.text), words.take("left") {
      guard (0...Self.mostTriesLeft).contains(count) else {
        throw words.fault("a status word tells 0 to 15 tries", at: first, fix: "write: -> 2 left")
      }
      return .triesLeft(count)
    }
    return try pattern(from: first)
  }

  /// `63C2`, `6F108408.. 9000`, `..9000`.
  private mutating func pattern(from first: StoryWords.Word) throws(StoryFault) -> StoryExpectation {
    var text = first.text
    for word in words.takeRest() { text += word.text }
    let parts = text.firstRange(of: "..").map { [text[..<$0.lowerBound], text[$0.upperBound...]] } ?? [text[...]]
    let bytes = parts.compactMap { [UInt8](hex: $0) }
    guard bytes.count == parts.count, let tail = bytes.last, tail.count >= 2, parts.count == 1 || tail.count == 2 else {
      throw words.fault(
        "'\(first.text)' is nothing that can be expected", at: first,
        fix: Spelling.advice(first.text, among: Self.words))
    }
    let status = StatusWord(rawValue: UInt16(tail[tail.count - 2]) << 8 | UInt16(tail[tail.count - 1]))
    if parts.count == 2 { return .answer(bytes[0], hasMore: true, status) }
    return tail.count == 2 ? .status(status) : .answer(Array(tail.dropLast(2)), hasMore: false, status)
  }
}
