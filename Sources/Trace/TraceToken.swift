import CardKernel
import ISO7816
import MyNumberCard

/// A session in one line of text, to be repeated on any machine: `vmyna1-…`.
///
/// Inside: the steps as lines of text, packed (LZSS), in base64url with a checksum. No PIN is in it: of a PIN command the token has
/// the header, the length and the answer, and whoever repeats it types the card's own PIN where the answer says that it was right.
public enum TraceToken {
  /// How every token begins.
  public static let prefix = "vmyna1-"
  /// A longer session is better kept in a file.
  public static let longestToken = 16_000
  private static let longestText = 4 << 20

  /// Why a text is no token.
  public enum Fault: Error, Sendable, Hashable {
    /// It is cut off, or has been changed on the way.
    case damaged
    /// It is of a version that this release does not know.
    case unknownVersion
  }

  /// The token of a session; `nil` when it would be too long.
  public static func encode(_ session: TraceSession) -> String? {
    let text = Array(session.steps.map(line).joined(separator: "\n").utf8)
    guard text.count <= longestText else { return nil }
    let packed = Packing.pack(text)
    let sum = TraceChecksum.of(packed)
    let token = prefix + Base64URL.encode(packed + [UInt8(sum >> 8), UInt8(sum & 0xFF)])
    return token.utf8.count <= longestToken ? token : nil
  }

  /// The session of a token.
  public static func decode(_ token: some StringProtocol) throws(Fault) -> TraceSession {
    guard token.hasPrefix(prefix) else { throw token.hasPrefix("vmyna") ? .unknownVersion : .damaged }
    guard let bytes = Base64URL.decode(token.dropFirst(prefix.count)), bytes.count > 2 else { throw .damaged }
    let packed = Array(bytes.dropLast(2))
    let sum = TraceChecksum.of(packed)
    guard bytes.suffix(2) == [UInt8(sum >> 8), UInt8(sum & 0xFF)],
      let text = Packing.unpack(packed, limit: longestText)
    else { throw .damaged }
    var steps: [TraceSession.Step] = []
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      guard let step = step(line) else { throw .damaged }
      steps.append(step)
    }
    return TraceSession(steps: steps)
  }

  /// One letter, the slot where it is not 0, then fields.
  private static func line(_ step: TraceSession.Step) -> String {
    let slot = step.slot == 0 ? "" : "\(step.slot)"
    return switch step.kind {
    case .card(let card):
      "C\(slot) \(card.name) \(card.minted) \(card.seed) \(card.keys) \(card.fingerprint) \(text(card.tries))"
    case .inserted: "I\(slot)"
    case .removed: "R\(slot)"
    case .powerOn: "P\(slot)"
    case .powerOff: "O\(slot)"
    case .warmReset: "W\(slot)"
    case .changed(let cause, let tries): "S\(slot) \(cause) \(text(tries))"
    case .exchange(let command, let answer): "\(slot)>\(text(command))\(text(answer))"
    }
  }

  private static func text(_ tries: [String: Int]) -> String {
    PINName.allCases.map { tries[$0.rawValue].map(String.init) ?? "-" }.joined(separator: ",")
  }

  private static func text(_ command: TraceBytes) -> String {
    command.bytes.map { $0.map { [$0].hexString } ?? ".." }.joined()
  }

  private static func text(_ answer: TraceSession.Answer) -> String {
    guard let status = answer.status else { return "!" }
    // The commonest answer costs one letter.
    let word = status == 0x9000 ? "=" : "<" + StatusWord(rawValue: status).description
    guard answer.length > 0 else { return word }
    return word + "\(answer.length)" + (answer.checksum.map { ":" + String($0, radix: 16) } ?? "")
  }

  private static func step(_ line: Substring) -> TraceSession.Step? {
    if let mark = line.firstIndex(of: ">"), let slot = number(line[..<mark]) {
      return exchange(line[mark...].dropFirst()).map { TraceSession.Step(slot: slot, kind: $0) }
    }
    let fields = line.split(separator: " ")
    guard let head = fields.first, let letter = head.first, let slot = number(head.dropFirst()) else { return nil }
    let kind: TraceSession.Kind
    switch (letter, fields.count) {
    case ("C", 7):
      guard let seed = UInt64(fields[3]), let tries = tries(fields[6]) else { return nil }
      kind = .card(
        TraceEvent.Card(
          name: String(fields[1]), minted: String(fields[2]), seed: seed, keys: String(fields[4]),
          fingerprint: String(fields[5]), tries: tries))
    case ("S", 3):
      guard let tries = tries(fields[2]) else { return nil }
      kind = .changed(cause: String(fields[1]), tries: tries)
    case ("I", 1): kind = .inserted
    case ("R", 1): kind = .removed
    case ("P", 1): kind = .powerOn
    case ("O", 1): kind = .powerOff
    case ("W", 1): kind = .warmReset
    default: return nil
    }
    return TraceSession.Step(slot: slot, kind: kind)
  }

  private static func number(_ text: Substring) -> Int? {
    text.isEmpty ? 0 : Int(text).flatMap { (0...255).contains($0) ? $0 : nil }
  }

  private static func tries(_ text: Substring) -> [String: Int]? {
    let counts = text.split(separator: ",")
    guard counts.count == PINName.allCases.count else { return nil }
    var tries: [String: Int] = [:]
    for (name, count) in zip(PINName.allCases, counts) where count != "-" {
      guard let count = Int(count) else { return nil }
      tries[name.rawValue] = count
    }
    return tries
  }

  private static func exchange(_ text: Substring) -> TraceSession.Kind? {
    guard let mark = text.firstIndex(where: { "=<!".contains($0) }),
      let command = TraceBytes(text[..<mark].replacing("..", with: TraceBytes.mask))
    else { return nil }
    var rest = text[mark...].dropFirst()
    var status: UInt16?
    switch text[mark] {
    case "=": status = 0x9000
    case "<":
      guard let word = FileID(hex: rest.prefix(4)) else { return nil }
      status = word.rawValue
      rest = rest.dropFirst(4)
    default: break
    }
    var answer = TraceSession.Answer(status: status, length: 0, checksum: nil)
    if !rest.isEmpty {
      let parts = rest.split(separator: ":", maxSplits: 1)
      guard let length = parts.first.flatMap({ Int($0) }), length >= 0 else { return nil }
      answer.length = length
      if parts.count == 2 {
        guard let sum = UInt16(parts[1], radix: 16) else { return nil }
        answer.checksum = sum
      }
    }
    return .exchange(command, answer)
  }
}
