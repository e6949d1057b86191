import CardRules

extension CounterOrder: CustomStringConvertible {
  /// As an action is written: `reset sign auth`.
  public var description: String {
    switch self {
    case .issue(let kinds): Self.text("issue", kinds)
    case .renew(let kinds): Self.text("renew", kinds)
    case .revoke(let kinds): Self.text("revoke", kinds)
    case .reset(let secrets): (["reset"] + Self.ordered(secrets).map(\.rawValue)).joined(separator: " ")
    case .change(let secret): "change \(secret.rawValue)"
    case .plain(let plain): plain.rawValue
    }
  }

  private static func text(_ verb: String, _ kinds: Set<CertificateKind>) -> String {
    ([verb] + CertificateKind.allCases.filter(kinds.contains).map(\.rawValue)).joined(separator: " ")
  }

  private static func ordered(_ secrets: [CardSecret]) -> [CardSecret] { CardSecret.allCases.filter(secrets.contains) }

  /// The words with which an order can begin.
  static let verbs = ["issue", "renew", "revoke", "reset", "change"] + Plain.allCases.map(\.rawValue)

  /// An order from its words.
  init(words: [Substring]) throws(ActionFault) {
    guard let verb = words.first else { throw ActionFault(problem: "an order is missing", fix: "write reset sign") }
    let rest = words.dropFirst()
    if let plain = Plain(rawValue: String(verb)) {
      guard rest.isEmpty else {
        throw ActionFault(problem: "'\(verb)' takes no '\(rest[rest.startIndex])'", fix: "write \(verb) alone")
      }
      self = .plain(plain)
      return
    }
    switch verb {
    case "issue": self = .issue(try Self.kinds(rest, verb))
    case "renew": self = .renew(try Self.kinds(rest, verb))
    case "revoke": self = .revoke(try Self.kinds(rest, verb))
    case "reset": self = .reset(Self.ordered(try Self.secrets(rest, verb)))
    case "change":
      let secrets = try Self.secrets(rest, verb)
      guard secrets.count == 1, let secret = secrets.first else {
        throw ActionFault(problem: "one PIN is changed at a time", fix: "write change auth")
      }
      self = .change(secret)
    default:
      throw ActionFault(
        problem: "there is no order '\(verb)'", fix: "use one of: \(Self.verbs.joined(separator: ", "))")
    }
  }

  private static func kinds(_ words: ArraySlice<Substring>, _ verb: Substring) throws(ActionFault) -> Set<
    CertificateKind
  > {
    var kinds: Set<CertificateKind> = []
    for word in words {
      guard let kind = CertificateKind(rawValue: String(word)) else {
        throw ActionFault(problem: "there is no certificate '\(word)'", fix: "write \(verb) with sign, auth or both")
      }
      kinds.insert(kind)
    }
    guard !kinds.isEmpty else {
      throw ActionFault(problem: "'\(verb)' does not say what", fix: "write \(verb) sign, \(verb) auth or both")
    }
    return kinds
  }

  private static func secrets(_ words: ArraySlice<Substring>, _ verb: Substring) throws(ActionFault) -> [CardSecret] {
    var secrets: [CardSecret] = []
    for word in words { secrets.append(try Action.secret(word)) }
    guard !secrets.isEmpty else {
      throw ActionFault(problem: "'\(verb)' does not say which PIN", fix: "write \(verb) sign, for instance")
    }
    return secrets
  }
}
