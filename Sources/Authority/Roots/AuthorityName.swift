/// What stands under O= in every certificate of the authority: it says that the certificate is a test certificate.
public enum AuthorityName: String, Sendable, Codable, CaseIterable {
  /// Our own value, the default: no verifier of the real service knows it.
  case virtual = "JPKI-VIRTUAL"
  /// The value on the test cards of the real operator, for code that looks for exactly that string. The keys are ours all
  /// the same, so nothing that pins the operator's test roots will accept it.
  case test = "JPKI-TEST"

  /// The name as written in a resident file or on the command line.
  public init(organization: String) throws(AuthorityError) {
    if organization == "JPKI" {
      throw AuthorityError(
        "O=JPKI is the name of the real authority, and a certificate that bears it could be taken for a real one",
        fix: "use JPKI-VIRTUAL (the default), or JPKI-TEST for programs that look for the test cards' name")
    }
    guard let name = Self(rawValue: organization) else {
      throw AuthorityError(
        "\"\(organization)\" is not a name of the test authority", fix: "use JPKI-VIRTUAL (the default) or JPKI-TEST")
    }
    self = name
  }

  /// The text under O=.
  public var organization: String { rawValue }
}

/// Which of the two authorities: they are independent, and a certificate of one never verifies under the other.
public enum Hierarchy: String, Sendable, Codable, CaseIterable {
  /// 署名用
  case sign
  /// 利用者証明用
  case auth

  /// OU= that tells the two apart.
  var unit: String {
    switch self {
    case .sign: "JPKI for digital signature"
    case .auth: "JPKI for user authentication"
    }
  }

  /// The Japanese OU= in the alternative name.
  var japaneseUnit: String {
    switch self {
    case .sign: "公的個人認証サービス署名用"
    case .auth: "公的個人認証サービス利用者証明用"
    }
  }

  /// The other one, for fixtures that are signed by the wrong root.
  public var other: Hierarchy { self == .sign ? .auth : .sign }
}
