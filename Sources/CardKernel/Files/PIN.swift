/// A PIN and its retry counter.
public struct PIN: Sendable, Equatable {
  /// The reference data; `nil` when nobody has set one: then every guess is wrong.
  public var value: [UInt8]?
  /// How many wrong guesses are still allowed.
  public var triesLeft: Int
  /// How many the counter goes back to.
  public let triesMax: Int
  /// The form that a new value must have.
  public let format: PINFormat
  /// The command by which the holder changes it.
  public let changedBy: PINChange

  /// The most bytes that VERIFY looks at; longer data is a wrong length and costs no try.
  public static let longestCandidate = 16

  /// A PIN with a full counter unless told otherwise.
  public init(
    _ value: [UInt8]?, triesLeft: Int? = nil, triesMax: Int, format: PINFormat, changedBy: PINChange = .nothing
  ) {
    self.value = value
    self.triesLeft = triesLeft ?? triesMax
    self.triesMax = triesMax
    self.format = format
    self.changedBy = changedBy
  }

  /// Whether `candidate` is the PIN. Takes equal time for every guess of the right length.
  func matches(_ candidate: [UInt8]) -> Bool {
    guard let value, value.count == candidate.count else { return false }
    return zip(value, candidate).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// Which command changes a PIN.
public enum PINChange: Sendable, Hashable {
  /// CHANGE REFERENCE DATA (`00 24 01 80`).
  case changeReferenceData
  /// CHANGE KEY (`80 32 00 80`).
  case changeKey
  /// None that a holder can reach.
  case nothing
}

/// The form of a PIN.
public enum PINFormat: Sendable, Hashable {
  /// So many decimal digits.
  case digits(Int)
  /// Capital letters and digits, at least one of each, with this many characters.
  case lettersAndDigits(ClosedRange<Int>)
  /// Unknown; nothing is accepted.
  case unknown

  /// The lengths in bytes that a value of this form can have.
  public var lengths: ClosedRange<Int> {
    switch self {
    case .digits(let count): count...count
    case .lettersAndDigits(let range): range
    case .unknown: 0...PIN.longestCandidate
    }
  }

  /// Whether every character is allowed and the mixture is right; the length is looked at apart.
  public func acceptsCharacters(of value: [UInt8]) -> Bool {
    let digits = value.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    let letters = value.filter { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }.count
    switch self {
    case .digits: return digits == value.count
    case .lettersAndDigits: return digits + letters == value.count && digits > 0 && letters > 0
    case .unknown: return false
    }
  }
}
