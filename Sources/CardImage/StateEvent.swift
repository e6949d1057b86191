import CardKernel
import ISO7816

/// One event of a card's state: what changed, why, and when. One line of the journal:
///
///     12 1795334400123 VERIFY tries:jpki/001B:4 =9A3C1D22
///
/// number, milliseconds since 1970, cause, changes, CRC-32 of all before it.
public struct StateEvent: Sendable, Equatable {
  /// Its number; grows by one.
  public var number: Int
  /// Milliseconds since 1970.
  public var time: Int64
  /// One word: a command (`VERIFY`), who did it (`set`, `operator`), or what it does to the history (`undo@12`); see
  /// ``role-swift.property``.
  public var cause: String
  /// What changed, absolute values.
  public var changes: [CardChange]

  /// An event.
  public init(number: Int, time: Int64, cause: String, changes: [CardChange]) {
    self.number = number
    self.time = time
    self.cause = cause
    self.changes = changes
  }

  /// The line, without its line feed.
  public var line: String {
    let body = "\(number) \(time) \(cause) " + (changes.isEmpty ? "-" : changes.map(\.text).joined(separator: " "))
    return body + " =" + CRC32.of(Array(body.utf8)).hexString
  }

  /// An event from its line; `nil` for a damaged one.
  public init?(line: some StringProtocol) {
    guard let mark = line.range(of: " =", options: .backwards) else { return nil }
    let body = line[..<mark.lowerBound]
    guard CRC32.of(Array(body.utf8)).hexString == line[mark.upperBound...] else { return nil }
    let fields = body.split(separator: " ", omittingEmptySubsequences: false)
    guard fields.count >= 4, let number = Int(fields[0]), let time = Int64(fields[1]) else { return nil }
    var changes: [CardChange] = []
    for field in fields[3...] where fields[3...] != ["-"] {
      guard let change = CardChange(text: field) else { return nil }
      changes.append(change)
    }
    self.init(number: number, time: time, cause: String(fields[2]), changes: changes)
  }
}

extension CardChange {
  /// `tries:jpki/001B:4`, `pin:jpki/0018:31323334:3`, `contents:…:hex`, `records:…:hex,hex`, `key:…:hex`; `-` for none.
  var text: String {
    func digits(_ bytes: [UInt8]) -> String { bytes.isEmpty ? "-" : bytes.hexString }
    return switch self {
    case .triesLeft(let path, let count): "tries:\(path):\(count)"
    case .pin(let path, let value, let count): "pin:\(path):\(value.map(digits) ?? "none"):\(count)"
    case .contents(let path, let bytes): "contents:\(path):\(digits(bytes))"
    case .records(let path, let records): "records:\(path):\(records.map(digits).joined(separator: ","))"
    case .key(let path, let material): "key:\(path):\(digits(material))"
    }
  }

  init?(text: some StringProtocol) {
    func bytes(_ text: some StringProtocol) -> [UInt8]? { text == "-" ? [] : [UInt8](hex: text) }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 3, let path = FilePath(parts[1]) else { return nil }
    switch (parts[0], parts.count) {
    case ("tries", 3):
      guard let count = Int(parts[2]) else { return nil }
      self = .triesLeft(path, count)
    case ("pin", 4):
      guard let count = Int(parts[3]) else { return nil }
      if parts[2] == "none" {
        self = .pin(path, value: nil, triesLeft: count)
      } else {
        guard let value = bytes(parts[2]) else { return nil }
        self = .pin(path, value: value, triesLeft: count)
      }
    case ("contents", 3):
      guard let value = bytes(parts[2]) else { return nil }
      self = .contents(path, value)
    case ("records", 3):
      let records = parts[2].isEmpty ? [] : parts[2].split(separator: ",").map { bytes($0) }
      guard !records.contains(nil) else { return nil }
      self = .records(path, records.compactMap { $0 })
    case ("key", 3):
      guard let value = bytes(parts[2]) else { return nil }
      self = .key(path, value)
    default:
      return nil
    }
  }
}

/// CRC-32 (ISO 3309), to tell a torn or damaged line from a whole one. Not for secrecy.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  static func of(_ bytes: [UInt8]) -> [UInt8] {
    let sum = ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    return [24, 16, 8, 0].map { UInt8(sum >> $0 & 0xFF) }
  }
}
