/// PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE of PC/SC part 10 (2.5.2, 2.5.3), parsed once. Numbers are little-endian.
struct PINPadStructure: Equatable {
  /// Seconds; 0: the reader's own limit.
  var timeOut: UInt8
  var format: PINBlockFormat
  /// In the data field, of the first and of the new PIN.
  var offsets: (old: Int, new: Int)
  var lengths: ClosedRange<Int>
  var endsWhenFull: Bool
  /// Whether the new PIN is typed twice, and the present one first.
  var confirms: (new: Bool, current: Bool)
  /// The command in which the PIN is missing.
  var template: [UInt8]

  enum Kind {
    case verify
    case modify
  }

  private static let longestTemplate = 4 + 1 + 255 + 1

  /// - Returns: `nil` for a structure that is none, or asks for what no reader could do.
  init?(_ bytes: [UInt8], _ kind: Kind) {
    let isVerify = kind == .verify
    let header = isVerify ? 19 : 24
    guard bytes.count >= header + 4 else { return nil }
    func number(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }
    timeOut = bytes[0]
    guard let format = PINBlockFormat(format: bytes[2], block: bytes[3], length: bytes[4]) else { return nil }
    self.format = format
    let rest = isVerify ? 5 : 7
    // After the offsets of a modification: digits, then what ends the entry; a modification says first what to ask twice.
    let digits = number(rest)
    let (least, most) = (digits >> 8, digits & 0xFF)
    guard most > 0, least <= most else { return nil }
    lengths = max(1, least)...most
    let condition = bytes[isVerify ? 7 : 10]
    guard (1...7).contains(condition) else { return nil }
    endsWhenFull = condition & 0x01 != 0
    let confirm = isVerify ? 0 : bytes[9]
    guard confirm <= 3 else { return nil }
    confirms = (new: confirm & 0x01 != 0, current: confirm & 0x02 != 0)
    offsets = isVerify ? (0, 0) : (Int(bytes[5]), Int(bytes[6]))
    let count = number(header - 4) | number(header - 2) << 16
    guard count == bytes.count - header, (4...Self.longestTemplate).contains(count) else { return nil }
    template = Array(bytes[header...])
    guard Self.carriesPIN(template, kind) else { return nil }
  }

  /// Commands that take a PIN and answer with a status word only; with any other a PIN could be read back from the card.
  private static func carriesPIN(_ template: [UInt8], _ kind: Kind) -> Bool {
    switch (kind, template[0] & 0xEF, template[1]) {
    case (.verify, 0x00, 0x20), (.modify, 0x00, 0x24), (.modify, 0x00, 0x2C), (.modify, 0x80, 0x32): true
    default: false
    }
  }

  static func == (left: Self, right: Self) -> Bool {
    left.timeOut == right.timeOut && left.format == right.format && left.offsets == right.offsets
      && left.lengths == right.lengths && left.endsWhenFull == right.endsWhenFull && left.confirms == right.confirms
      && left.template == right.template
  }
}
