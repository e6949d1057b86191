import Cryptography

/// All that decides a holder certificate. The same request gives the same bytes.
public struct HolderCertificateRequest: Sendable {
  /// Who the certificate is for, and so which hierarchy issues it.
  public enum Subject: Sendable, Equatable {
    /// 署名用: with the holder's data.
    case sign(CertifiedHolder)
    /// 利用者証明用: without any.
    case auth
  }

  /// Sign or auth.
  public var subject: Subject
  /// Where it was asked for.
  public var municipality: Municipality
  /// The reception window: four characters after the municipality's code in CN.
  public var window = "001A"
  /// When it was asked for: the first fourteen digits of a sign certificate's CN. Japan time.
  public var requested: Instant
  /// The sequence number in a sign certificate's CN, five digits.
  public var sequence = 1
  /// First second of validity: the second of issue.
  public var notBefore: Instant
  /// Last second of validity: 14:59:59Z of the last day.
  public var notAfter: Instant
  /// The card's key.
  public var publicKey: RSAPublicKey
  /// What the serial number and an auth certificate's CN come from.
  public var seed: UInt64
  /// Counts the holder's certificates: a renewed one has another key, serial number and CN.
  public var issue = 0
  /// The serial number's magnitude; from the seed when absent. The fixture with a set top bit gives its own.
  public var serial: [UInt8]?
  /// The root's generation; the one that issues at `notBefore` when absent. The fixture of the old root asks for 1.
  public var generation: Int?
  /// O= of the issuer.
  public var authority = AuthorityName.virtual
  /// The choices of the profile.
  public var profile = CertificateProfile()
  /// Signs with the key of the other hierarchy under the right issuer's name: the fixture of the wrong root.
  public var isSignedByWrongRoot = false

  /// A request with the defaults for what tests seldom change.
  public init(
    _ subject: Subject, municipality: Municipality, requested: Instant, notBefore: Instant, notAfter: Instant,
    publicKey: RSAPublicKey, seed: UInt64
  ) {
    self.subject = subject
    self.municipality = municipality
    self.requested = requested
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.publicKey = publicKey
    self.seed = seed
  }

  /// The hierarchy that issues it.
  public var hierarchy: Hierarchy { subject == .auth ? .auth : .sign }

  /// The serial number that the seed gives: 0x70000100 to 0x7FFFFFFF. Real ones are far below, so these are seen to be test
  /// numbers. Roots and responders of later generations lie in the same range (0x7000GG01, 02, 11 and 12, GG the generation):
  /// a leaf meets one of their few numbers once in some hundred thousand seeds at most.
  public static func serial(_ hierarchy: Hierarchy, seed: UInt64, issue: Int) -> [UInt8] {
    var random = SeededRandom(label: "serial \(hierarchy.rawValue) \(issue)", seed: seed)
    let number = 0x7000_0100 + random.number(below: 0x0FFF_FF00)
    return (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  /// The key of the card that a seed gives. Public knowledge: see `KeyPool`.
  public static func key(_ hierarchy: Hierarchy, seed: UInt64, issue: Int) throws(CryptographyError) -> RSAPrivateKey {
    try KeyPool.key(seed: seed, label: "\(hierarchy.rawValue) \(issue)")
  }

  func requireSense() throws(AuthorityError) {
    guard notBefore <= notAfter else {
      throw AuthorityError(
        "the certificate would end (\(notAfter)) before it begins (\(notBefore))", fix: "let it end on a later day")
    }
    guard notAfter.compact.hasSuffix("145959Z") else {
      throw AuthorityError(
        "the end \(notAfter) is not 23:59:59 in Japan", fix: "let it end at 14:59:59Z of its last day")
    }
    // The profile has UTCTime only, and UTCTime ends with 2049.
    guard notBefore >= Instant(year: 1950, month: 1, day: 1), notAfter < Instant(year: 2050, month: 1, day: 1) else {
      throw AuthorityError(
        "the certificate would reach from \(notBefore) to \(notAfter), beyond what its profile can write",
        fix: "keep between 1950 and the end of 2049")
    }
    guard window.utf8.count == 4, window.utf8.allSatisfy({ CommonName.alphabet.contains($0) }) else {
      throw AuthorityError("the window \"\(window)\" is not four of 0-9 and A-Z", fix: "write it like 001A")
    }
    guard (0...99_999).contains(sequence) else {
      throw AuthorityError("the sequence number \(sequence) has more than five digits", fix: "choose one below 100000")
    }
    if let serial, !(1...20).contains(serial.count) || serial.allSatisfy({ $0 == 0 }) {
      throw AuthorityError("the serial number is not 1 to 20 bytes above zero", fix: "leave it out or correct it")
    }
  }
}

/// The two forms of CN: issue numbers, not names.
enum CommonName {
  static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

  static func text(_ request: HolderCertificateRequest) -> String {
    let office = request.municipality.code + request.window
    switch request.subject {
    case .sign:
      // Fourteen digits of the moment, five of the sequence, nine of the office.
      let sequence = String(100_000 + request.sequence).dropFirst()
      return request.requested.compactJapanTime + sequence + office
    case .auth:
      // How the first fourteen are made is not published; ours come from the seed.
      var random = SeededRandom(label: "auth common name \(request.issue)", seed: request.seed)
      let digits = (0..<14).map { _ in alphabet[Int(random.number(below: UInt64(alphabet.count)))] }
      return String(decoding: digits, as: UTF8.self) + office
    }
  }
}
