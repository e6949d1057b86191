import CardRules

extension Need: CustomStringConvertible {
  /// In the words of a lesson file.
  public var description: String {
    switch self {
    case .status: "status"
    case .identity: "identity"
    case .secondDocument: "second-document"
    case .power: "power"
    case .twoDocuments: "two-documents"
    case .seal: "seal"
    case .say(let id): "say \(id)"
    case .printed(let paper): "printed \(paper)"
    case .noted(let what): "noted \(what)"
    case .charged(let yen): "charged \(yen)"
    case .returned: "returned"
    case .destroyed(let paper): "destroyed \(paper)"
    case .checked: "checked"
    case .entered(let secret): "entered \(secret.rawValue)"
    case .tries(let secret, let most): "tries \(secret.rawValue) ≤ \(most)"
    case .called(let number): "called \(number)"
    case .contact: "contact"
    case .did(let order): "did \(order)"
    case .tried(let order): "tried \(order)"
    case .action(let text): "action \(text)"
    case .times(let count, let text): "times \(count) \(text)"
    case .before(let first, let second): "\(first) before \(second)"
    case .not(let need): "not \(need)"
    case .and(let first, let second): "\(first) and \(second)"
    case .or(let first, let second): "\(first) or \(second)"
    }
  }

  private static let words = [
    "status", "identity", "second-document", "power", "two-documents", "seal", "say K.X", "printed PAPER",
    "noted WHAT", "charged YEN", "returned", "destroyed PAPER", "checked", "entered PIN", "tries PIN ≤ N",
    "called WHO", "contact", "did ORDER", "tried ORDER", "action TEXT",
    "times N TEXT",
  ]

  /// Reads a need. `or` binds weaker than `and`, that weaker than `before`, that weaker than `not`.
  public init(_ text: String) throws(ActionFault) {
    guard text.utf8.count <= 400 else { throw ActionFault(problem: "a need is too long", fix: "write it as two needs") }
    self = try Self.read(text.split { $0 == " " || $0 == "\t" }.map(String.init)[...])
  }

  private static func read(_ words: ArraySlice<String>) throws(ActionFault) -> Need {
    if let place = words.firstIndex(of: "or") {
      return .or(try read(words[..<place]), try read(words[(place + 1)...]))
    }
    if let place = words.firstIndex(of: "and") {
      return .and(try read(words[..<place]), try read(words[(place + 1)...]))
    }
    if let place = words.firstIndex(of: "before") {
      return .before(try read(words[..<place]), try read(words[(place + 1)...]))
    }
    if words.first == "not" { return .not(try read(words.dropFirst())) }
    return try simple(Array(words))
  }

  private static let plain: [String: Need] = [
    "status": .status, "identity": .identity, "second-document": .secondDocument, "power": .power,
    "two-documents": .twoDocuments, "seal": .seal, "returned": .returned, "checked": .checked, "contact": .contact,
  ]

  private static func simple(_ words: [String]) throws(ActionFault) -> Need {
    let rest = words.dropFirst().joined(separator: " ")
    if words.count == 1, let need = plain[words[0]] { return need }
    guard words.count > 1 else {
      throw ActionFault(
        problem: words.isEmpty ? "a need is missing" : "there is no need '\(words[0])'",
        fix: "use one of: \(Self.words.joined(separator: ", "))")
    }
    switch words[0] {
    case "say":
      guard rest.contains(".") else {
        throw ActionFault(problem: "'\(rest)' is no sentence", fix: "name it like say explain.next-day")
      }
      return .say(rest)
    case "printed": return .printed(rest)
    case "noted": return .noted(rest)
    case "destroyed": return .destroyed(rest)
    case "called": return .called(rest)
    case "action": return .action(rest)
    case "times":
      guard words.count > 2, let count = Int(words[1]), count > 0 else {
        throw ActionFault(problem: "'\(rest)' is no number of actions", fix: "write times 3 status")
      }
      return .times(count, words.dropFirst(2).joined(separator: " "))
    case "did": return .did(rest)
    case "tried": return .tried(rest)
    case "charged":
      guard let yen = Int(rest), yen >= 0 else {
        throw ActionFault(problem: "'\(rest)' is no sum in yen", fix: "write charged 1000")
      }
      return .charged(yen)
    case "entered": return .entered(try Action.secret(Substring(rest)))
    case "tries":
      guard words.count == 4, words[2] == "≤" || words[2] == "<=", let most = Int(words[3]), most >= 0 else {
        throw ActionFault(problem: "'\(rest)' is no number of tries", fix: "write tries sign ≤ 1")
      }
      return .tries(try Action.secret(Substring(words[1])), atMost: most)
    default:
      throw ActionFault(
        problem: "there is no need '\(words[0])'", fix: "use one of: \(Self.words.joined(separator: ", "))")
    }
  }
}
