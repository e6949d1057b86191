/// Why PC/SC did not do something.
public struct PCSCFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was asked for.
  public var action: String
  /// The code of PC/SC, or 0xFFFFFFFF where there is no library.
  public var code: UInt32

  /// There is no libpcsclite on this machine.
  public var isLibraryMissing: Bool { code == 0xFFFF_FFFF }

  /// `SCardTransmit: 0x80100069 (the card was removed)`.
  public var description: String {
    if isLibraryMissing { return "\(action): libpcsclite.so.1 is not on this machine" }
    let hex = String(code, radix: 16, uppercase: true)
    return "\(action): 0x\(hex)" + (Self.sentences[code].map { " (\($0))" } ?? "")
  }

  /// What to do next.
  public var fix: String {
    switch code {
    case 0xFFFF_FFFF: "install it: apt-get install libpcsclite1"
    case 0x8010_001D, 0x8010_001E: "start pcscd, or put the command behind: vmyna run --"
    case 0x8010_0009: "name a reader as 'opensc-tool -l' does"
    case 0x8010_000B: "end the other program that uses the card"
    case 0x8010_000C, 0x8010_0069: "put the card in and try again"
    case 0x8010_006A: "run this as a user who may use readers (polkit)"
    default: "take the card out, put it in and try again; 'pcsc_scan' shows what pcscd sees"
    }
  }

  private static let sentences: [UInt32: String] = [
    0x8010_0009: "no such reader", 0x8010_000A: "time is up", 0x8010_000B: "another program has the card",
    0x8010_000C: "there is no card", 0x8010_0016: "not transacted", 0x8010_0017: "the reader is not there",
    0x8010_001D: "pcscd does not run", 0x8010_001E: "pcscd was stopped", 0x8010_002E: "there is no reader",
    0x8010_0066: "the card is mute", 0x8010_0067: "the card has no power", 0x8010_0068: "the card was reset",
    0x8010_0069: "the card was removed", 0x8010_006A: "access is denied",
  ]
}
