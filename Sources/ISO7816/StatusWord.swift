/// SW1-SW2 (ISO/IEC 7816-4, 5.1.3, and the JICSAP family's own additions). The one birthplace of every status word.
public struct StatusWord: RawRepresentable, Hashable, Sendable, Error, CustomStringConvertible {
  /// The two bytes, SW1 in the upper half.
  public let rawValue: UInt16

  /// Any status word.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `63Cx`: a counter. ISO has one hexadecimal digit for it, so the value is clamped to 0…15.
  public static func triesLeft(_ count: Int) -> StatusWord {
    StatusWord(rawValue: 0x63C0 | UInt16(min(max(count, 0), 15)))
  }

  /// The counter in a `63Cx`, else `nil`.
  public var triesLeft: Int? { rawValue & 0xFFF0 == 0x63C0 ? Int(rawValue & 0x000F) : nil }

  /// Whether this is `9000`.
  public var isSuccess: Bool { self == .success }

  /// Four upper-case hexadecimal digits.
  public var description: String { [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)].hexString }

  /// 9000: done.
  public static let success = StatusWord(rawValue: 0x9000)
  /// 6282: the end of the file was reached before Le bytes. This card says 9000; kept as a named variant.
  public static let endOfFileReached = StatusWord(rawValue: 0x6282)
  /// 6581: the card's memory could not be written.
  public static let memoryFailure = StatusWord(rawValue: 0x6581)
  /// 66F1: SET SESSION KEY in an application without a session key (JICSAP).
  public static let noSessionKey = StatusWord(rawValue: 0x66F1)
  /// 6700: wrong length.
  public static let wrongLength = StatusWord(rawValue: 0x6700)
  /// 6881: logical channel not supported.
  public static let logicalChannelNotSupported = StatusWord(rawValue: 0x6881)
  /// 6882: secure messaging not supported.
  public static let secureMessagingNotSupported = StatusWord(rawValue: 0x6882)
  /// 6981: command incompatible with the file's structure.
  public static let incompatibleFileStructure = StatusWord(rawValue: 0x6981)
  /// 6982: security status not satisfied.
  public static let securityStatusNotSatisfied = StatusWord(rawValue: 0x6982)
  /// 6983: authentication method blocked. This card says 6984; kept as a named choice.
  public static let authenticationMethodBlocked = StatusWord(rawValue: 0x6983)
  /// 6984: referenced key blocked (JICSAP's reading of "reference data invalidated").
  public static let referencedKeyBlocked = StatusWord(rawValue: 0x6984)
  /// 6985: conditions of use not satisfied.
  public static let conditionsOfUseNotSatisfied = StatusWord(rawValue: 0x6985)
  /// 6986: no current EF.
  public static let noCurrentFile = StatusWord(rawValue: 0x6986)
  /// 6987: expected secure messaging objects missing.
  public static let secureMessagingObjectsMissing = StatusWord(rawValue: 0x6987)
  /// 6988: secure messaging objects incorrect.
  public static let secureMessagingObjectsIncorrect = StatusWord(rawValue: 0x6988)
  /// 69FC: secure messaging without a session (JICSAP).
  public static let noSecureMessagingSession = StatusWord(rawValue: 0x69FC)
  /// 6A80: incorrect data.
  public static let incorrectData = StatusWord(rawValue: 0x6A80)
  /// 6A82: file or application not found.
  public static let fileNotFound = StatusWord(rawValue: 0x6A82)
  /// 6A83: record not found.
  public static let recordNotFound = StatusWord(rawValue: 0x6A83)
  /// 6A86: incorrect P1 or P2.
  public static let incorrectParameters = StatusWord(rawValue: 0x6A86)
  /// 6A88: referenced data not found.
  public static let referencedDataNotFound = StatusWord(rawValue: 0x6A88)
  /// 6B00: offset outside the file.
  public static let wrongOffset = StatusWord(rawValue: 0x6B00)
  /// 6D00: instruction not supported.
  public static let instructionNotSupported = StatusWord(rawValue: 0x6D00)
  /// 6E00: class not supported.
  public static let classNotSupported = StatusWord(rawValue: 0x6E00)
  /// 6F00: no precise diagnosis.
  public static let noPreciseDiagnosis = StatusWord(rawValue: 0x6F00)
}
