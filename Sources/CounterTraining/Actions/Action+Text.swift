import CardRules

extension Action: CustomStringConvertible {
  /// As a play file and the desk's interface write it.
  public var description: String {
    switch self {
    case .say(let id): Self.spoken(id)
    case .paper(let verb, let paper): "\(verb.rawValue) \(paper)"
    case .returnAll: "return all"
    case .place(let card): "place \(card)"
    case .lift(let card): "lift \(card)"
    case .search: "search"
    case .select(let record): "select \(record)"
    case .status: "status"
    case .enter(let secret, let fromLetter): "enter \(secret.rawValue)" + (fromLetter ? " from-letter" : "")
    case .order(let order, let card): "\(order)" + (card.map { " \($0)" } ?? "")
    case .note(let what): "note \(what)"
    case .charge(let yen): "charge \(yen)"
    case .print(let paper): "print \(paper)"
    case .call(let number): "call \(number)"
    case .recordContact: "record contact"
    case .wait: "wait"
    case .app(.photograph): "app photograph"
    case .app(.enter(let secret)): "app enter \(secret.rawValue)"
    case .app(.face): "app face"
    case .kiosk(.insert): "kiosk insert"
    case .kiosk(.enter(let secret)): "kiosk enter \(secret.rawValue)"
    case .kiosk(.reset(let secret)): "kiosk reset \(secret.rawValue)"
    case .finish: "finish"
    }
  }

  private static func spoken(_ id: String) -> String {
    guard let dot = id.firstIndex(of: ".") else { return id }
    return id[..<dot] + " " + id[id.index(after: dot)...]
  }

  /// Longest action that is read.
  static let longest = 200

  /// Every verb, for advice.
  static let verbs =
    Phrase.Kind.allCases.map(\.rawValue) + PaperVerb.allCases.map(\.rawValue) + [
      "place", "lift", "search", "select", "status", "enter",
    ] + CounterOrder.verbs + ["note", "charge", "print", "call", "record contact", "wait", "app", "kiosk", "finish"]

  /// Reads an action.
  public init(_ text: String) throws(ActionFault) {
    guard text.utf8.count <= Self.longest else {
      throw ActionFault(problem: "an action has at most \(Self.longest) characters", fix: "write one action a line")
    }
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard let verb = words.first else {
      throw ActionFault(problem: "an action is missing", fix: "write one, such as: ask purpose")
    }
    self = try Self.read(String(verb), Array(words))
  }

  private static func read(_ verb: String, _ words: [Substring]) throws(ActionFault) -> Action {
    if Phrase.Kind(rawValue: verb) != nil { return .say("\(verb).\(try one(words))") }
    if let paperVerb = PaperVerb(rawValue: verb) {
      let paper = try one(words)
      return paperVerb == .giveBack && paper == "all" ? .returnAll : .paper(paperVerb, paper)
    }
    switch verb {
    case "place": return .place(try one(words))
    case "lift": return .lift(try one(words))
    case "select": return .select(try one(words))
    case "search", "status", "wait", "finish":
      guard words.count == 1 else {
        throw ActionFault(problem: "'\(verb)' takes no '\(words[1])'", fix: "write \(verb) alone")
      }
      return verb == "search" ? .search : verb == "status" ? .status : verb == "wait" ? .wait : .finish
    case "enter": return try entry(words)
    case "note": return .note(try one(of: notes, "note", words.dropFirst().joined(separator: " ")))
    case "charge": return .charge(try yen(words))
    case "print": return .print(try one(words))
    case "call": return .call(try one(of: numbers, "call", try one(words)))
    case "record":
      guard words.count == 2, words[1] == "contact" else {
        throw ActionFault(problem: "only a contact can be recorded", fix: "write record contact")
      }
      return .recordContact
    case "app", "kiosk": return try customerSide(verb, words)
    default: return try order(verb, words)
    }
  }

  private static func one(_ words: [Substring]) throws(ActionFault) -> String {
    guard words.count == 2, let word = words.last else {
      let verb = words.first ?? ""
      throw ActionFault(
        problem: words.count < 2 ? "'\(verb)' does not say what" : "'\(verb)' takes one word",
        fix: "write \(verb) and one name")
    }
    return String(word)
  }

  private static func one(of words: [String], _ verb: String, _ word: String) throws(ActionFault) -> String {
    guard words.contains(word) else {
      throw ActionFault(
        problem: "'\(verb)' takes no '\(word)'", fix: "use one of: \(words.joined(separator: ", "))")
    }
    return word
  }

  static func secret(_ word: Substring) throws(ActionFault) -> CardSecret {
    guard let secret = CardSecret(rawValue: String(word)) else {
      throw ActionFault(
        problem: "there is no PIN '\(word)'",
        fix: "use one of: \(CardSecret.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return secret
  }

  private static func entry(_ words: [Substring]) throws(ActionFault) -> Action {
    guard words.count == 2 || words.count == 3 && words[2] == "from-letter" else {
      throw ActionFault(problem: "'enter' takes a PIN", fix: "write enter sign, or enter sign from-letter")
    }
    return .enter(try secret(words[1]), fromLetter: words.count == 3)
  }

  private static func yen(_ words: [Substring]) throws(ActionFault) -> Int {
    guard words.count == 2, let yen = Int(words[1]), (0...100_000).contains(yen) else {
      throw ActionFault(problem: "'charge' takes a sum in yen", fix: "write charge 1000")
    }
    return yen
  }

  private static func customerSide(_ verb: String, _ words: [Substring]) throws(ActionFault) -> Action {
    let step = words.dropFirst().map(String.init)
    switch (verb, step.first, step.count) {
    case ("app", "photograph", 1): return .app(.photograph)
    case ("app", "face", 1): return .app(.face)
    case ("app", "enter", 2): return .app(.enter(try secret(words[2])))
    case ("kiosk", "insert", 1): return .kiosk(.insert)
    case ("kiosk", "enter", 2): return .kiosk(.enter(try secret(words[2])))
    case ("kiosk", "reset", 2): return .kiosk(.reset(try secret(words[2])))
    default:
      throw ActionFault(
        problem: "'\(words.joined(separator: " "))' is no step of the customer's side",
        fix: "use app photograph, app enter auth, app face, kiosk insert, kiosk enter auth or kiosk reset sign")
    }
  }

  private static func order(_ verb: String, _ words: [Substring]) throws(ActionFault) -> Action {
    guard CounterOrder.verbs.contains(verb) else {
      let near = Nearest.word(to: verb, among: verbs)
      throw ActionFault(
        problem: "there is no action '\(verb)'",
        fix: near.map { "did you mean '\($0)'?" } ?? "begin with one of: \(verbs.joined(separator: ", "))")
    }
    // A last word that is neither PIN nor certificate names the card.
    let plain = CounterOrder.Plain(rawValue: verb) != nil
    guard words.count > (plain ? 1 : 2), let last = words.last, CardSecret(rawValue: String(last)) == nil else {
      return .order(try CounterOrder(words: words), card: nil)
    }
    return .order(try CounterOrder(words: Array(words.dropLast())), card: String(last))
  }
}

/// Finds what was meant.
public enum Nearest {
  /// The word at a distance of at most 2.
  public static func word(to text: String, among words: [String]) -> String? {
    let best = words.map { (word: $0, distance: distance(Array($0), Array(text))) }.min { $0.distance < $1.distance }
    return best.flatMap { $0.distance <= 2 ? $0.word : nil }
  }

  /// Levenshtein's distance.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = x == y ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}
