import Testing

@testable import CardService

/// The structures of PC/SC part 10 as bytes.
@Suite struct PINPadStructureTests {
  /// PIN_VERIFY_STRUCTURE, as OpenSC fills it in for an ASCII PIN.
  static func verify(
    timeOut: UInt8 = 0, format: UInt8 = 0x82, block: UInt8 = 0, length: UInt8 = 0, digits: (UInt8, UInt8) = (4, 16),
    condition: UInt8 = 2, _ template: [UInt8]
  ) -> [UInt8] {
    [timeOut, 0, format, block, length, digits.1, digits.0, condition, 0xFF, 0x09, 0x04, 0, 0, 0, 0]
      + [UInt8(template.count), 0, 0, 0] + template
  }

  static func modify(
    format: UInt8 = 0x82, block: UInt8 = 0, offsets: (UInt8, UInt8) = (0, 0), confirm: UInt8 = 1, _ template: [UInt8]
  ) -> [UInt8] {
    [30, 0, format, block, 0, offsets.0, offsets.1, 16, 4, confirm, 2, 3, 9, 4, 0, 1, 2, 0, 0, 0]
      + [UInt8(template.count), 0, 0, 0] + template
  }

  private func answer(_ structure: [UInt8], _ kind: PINPadStructure.Kind, typing script: String) throws -> String {
    let reader = PINPadReader(pad: try ScriptedPINPad(script: script), slot: 0)
    switch reader.read(structure, kind, pin: nil) {
    case .status(let status): return status.hex
    case .command(let command, let shown):
      // What a trace may show differs wherever a typed byte stands, and nowhere else.
      #expect(shown.count == command.count && shown[..<4] == command[..<4])
      for typed in script.split(separator: "\n") where typed != "cancel" {
        #expect(!shown.hex.contains(Array(typed.utf8).hex), "\(shown.hex)")
      }
      return command.hex
    }
  }

  /// Forms of PIN blocks: format string, block string, length format, template, what must come out of 1234.
  @Test(
    arguments: [
      // As long as the PIN: header alone, with an empty Lc, with a placeholder.
      (0x82, 0x00, 0x00, "00200080", "002000800431323334"), (0x82, 0x00, 0x00, "0020008000", "002000800431323334"),
      (0x82, 0x00, 0x00, "0020008008FFFFFFFFFFFFFFFF", "002000800431323334"),
      // A block of eight characters, filled up by what the template holds.
      (0x82, 0x08, 0x00, "0020008008FFFFFFFFFFFFFFFF", "002000800831323334FFFFFFFF"),
      (0x82, 0x08, 0x00, "0020008008 2020202020202020", "00200080083132333420202020"),
      (0x86, 0x08, 0x00, "0020008008FFFFFFFFFFFFFFFF", "0020008008FFFFFFFF31323334"),
      // Packed digits, and values.
      (0x81, 0x04, 0x00, "0020008004FFFFFFFF", "00200080041234FFFF"),
      (0x80, 0x00, 0x00, "00200080", "002000800401020304"),
      (0x81, 0x00, 0x00, "00200080", "00200080021234"),
      // GlobalPlatform: 2, the count in four bits, then packed digits.
      (0x89, 0x47, 0x04, "002000800820FFFFFFFFFFFFFF", "0020008008241234FFFFFFFFFF"),
      // One byte in front.
      (0x8A, 0x00, 0x00, "0020008001AA", "0020008005AA31323334"),
    ] as [(UInt8, UInt8, UInt8, String, String)])
  func blocks(_ format: UInt8, _ block: UInt8, _ length: UInt8, _ template: String, _ command: String) throws {
    let structure = Self.verify(format: format, block: block, length: length, [UInt8](hexText: template))
    #expect(try answer(structure, .verify, typing: "1234") == command)
  }

  /// What no reader could do is 6B80, and nobody is asked for a PIN.
  @Test(
    arguments: [
      verify(format: 0x83, [0x00, 0x20, 0x00, 0x80]), verify(format: 0x86, [0x00, 0x20, 0x00, 0x80]),
      verify(length: 0x20, [0x00, 0x20, 0x00, 0x80]), verify(condition: 0, [0x00, 0x20, 0x00, 0x80]),
      verify(condition: 8, [0x00, 0x20, 0x00, 0x80]), verify(digits: (5, 4), [0x00, 0x20, 0x00, 0x80]),
      verify(digits: (0, 0), [0x00, 0x20, 0x00, 0x80]), verify([0x00, 0x20, 0x00]), verify([]),
      Array(verify([0x00, 0x20, 0x00, 0x80]).dropLast()), verify([0x00, 0x20, 0x00, 0x80]) + [0], [], [1, 2, 3],
      // A PIN that the card would give back, or that would be written somewhere.
      verify([0x00, 0xD6, 0x00, 0x00]), verify([0x00, 0x88, 0x00, 0x99]), verify([0x80, 0x2A, 0x03, 0x00]),
      verify([0x00, 0xA4, 0x04, 0x0C]), verify([0x00, 0x24, 0x01, 0x80]), verify([0x80, 0x20, 0x00, 0x80]),
    ])
  func badStructures(_ structure: [UInt8]) throws {
    #expect(try answer(structure, .verify, typing: "") == "6B80")
  }

  @Test(
    arguments: [
      ("", "6400"), ("timeout", "6400"), ("cancel", "6401"), ("123", "6403"), ("12345678901234567", "6403"),
      ("wait 1\n1234", "002000800431323334"), ("ABC123", "0020008006414243313233"),
    ])
  func whatIsTyped(_ script: String, _ wanted: String) throws {
    #expect(try answer(Self.verify([0x00, 0x20, 0x00, 0x80]), .verify, typing: script) == wanted)
  }

  /// Only digits have a value.
  @Test func lettersInDigits() throws {
    #expect(try answer(Self.verify(format: 0x81, [0x00, 0x20, 0x00, 0x80]), .verify, typing: "12A4") == "6B80")
  }

  @Test(
    arguments: [
      (1, "4321\n4321", "002401800434333231"), (1, "4321\n4322", "6402"), (1, "4321\ncancel", "6401"),
      (0, "4321", "002401800434333231"), (2, "1234\n4321", "00240180083132333434333231"),
      (3, "1234\n4321\n4321", "00240180083132333434333231"), (3, "1234\ntimeout", "6400"),
    ] as [(UInt8, String, String)])
  func changes(_ confirm: UInt8, _ script: String, _ wanted: String) throws {
    let structure = Self.modify(confirm: confirm, [0x00, 0x24, 0x01, 0x80])
    #expect(try answer(structure, .modify, typing: script) == wanted)
  }

  @Test func changesInBlocks() throws {
    let structure = Self.modify(
      block: 8, offsets: (0, 8), confirm: 3, [0x00, 0x24, 0x00, 0x80, 16] + [UInt8](repeating: 0xFF, count: 16))
    #expect(
      try answer(structure, .modify, typing: "1234\n567890\n567890")
        == "002400801031323334FFFFFFFF353637383930FFFF")
    #expect(try answer(Self.modify(confirm: 4, [0x00, 0x24, 0x01, 0x80]), .modify, typing: "") == "6B80")
    #expect(try answer(Self.modify([0x00, 0x20, 0x00, 0x80]), .modify, typing: "") == "6B80")
  }

  @Test(arguments: ["12 34", "wait", "wait -1", "wait x", "cancel now", "暗証"]) func badScripts(_ script: String) {
    #expect(throws: ServiceFault.self) { try ScriptedPINPad(script: script) }
  }

  @Test(arguments: ["", "pinpad", "script:", "script", "x:terminal", "-1:remote", "1:", "terminal:"])
  func badChoices(_ text: String) {
    #expect(throws: ServiceFault.self) { try PINPadChoice(text) }
  }

  @Test func choices() throws {
    #expect(try PINPadChoice("remote") == PINPadChoice("remote"))
    #expect(try PINPadChoice("3:script:a:b").kind == .script("a:b"))
    #expect(try PINPadChoice("3:script:a:b").slot == 3)
    let service = try TestService(slots: 3, cards: 0).service
    try service.attachPINPads([PINPadChoice("1:none"), PINPadChoice("remote")])
    #expect(service.slots.map { $0.pinPad is RemotePINPad } == [true, false, true])
    #expect(throws: ServiceFault.self) { try service.attachPINPads([PINPadChoice("3:remote")]) }
    #expect(throws: ServiceFault.self) { try service.attachPINPads([PINPadChoice("script:/no/such/file")]) }
  }
}

extension [UInt8] {
  fileprivate var hex: String {
    map { (byte: UInt8) -> String in
      let text = String(byte, radix: 16, uppercase: true)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  fileprivate init(hexText: String) {
    let digits = hexText.filter { $0 != " " }
    self = stride(from: 0, to: digits.count, by: 2).compactMap { offset in
      UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
    }
  }
}
