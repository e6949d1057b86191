import CardRules
import CounterTraining

/// What a lesson asserts of cards and registry after an ending: `sign.end`, `auth.tries`, `card.status`, and with a
/// record's name before it that of another card.
enum EndState {
  static let advice =
    "sign.end, auth.end, card.end, PIN.tries, sign.registry, auth.registry, sign.good, sign.revoked, card.status, "
    + "card.face-authentication, face.name, face.address, or RECORD. and one of these"

  private static let keys: Set<String> = {
    var keys: Set<String> = ["card.end", "card.status", "card.face-authentication", "face.name", "face.address"]
    for kind in CertificateKind.allCases {
      keys.formUnion(
        ["end", "registry", "good", "revoked", "superseded", "hold", "broken"].map { "\(kind.rawValue).\($0)" })
    }
    for secret in CardSecret.allCases { keys.insert("\(secret.rawValue).tries") }
    return keys
  }()

  static func isKey(_ key: String) -> Bool { keys.contains(key) || keys.contains(split(key).key) }

  private static func split(_ key: String) -> (record: String, key: String) {
    guard !keys.contains(key), let dot = key.firstIndex(of: ".") else { return (RecordName.holder, key) }
    return (String(key[..<dot]), String(key[key.index(after: dot)...]))
  }

  /// What stands there now; `nil` for a record that does not exist.
  static func value(of key: String, in exercise: Exercise) -> String? {
    let (record, key) = split(key)
    guard let facts = exercise.world.record(record, at: exercise.now) else { return nil }
    switch key {
    case "card.end": return facts.cardEnd.description
    case "card.status": return facts.status.rawValue
    case "card.face-authentication": return String(facts.face.isForFaceAuthentication)
    case "face.name": return facts.face.name
    case "face.address": return facts.face.address
    default: break
    }
    let parts = key.split(separator: ".")
    guard parts.count == 2, let first = parts.first.map(String.init) else { return nil }
    if parts[1] == "tries", let secret = CardSecret(rawValue: first) {
      guard let counter = exercise.world.counter(of: secret, on: record), counter.isSet else { return "none" }
      return String(counter.left)
    }
    guard let kind = CertificateKind(rawValue: first) else { return nil }
    let certificate = facts[kind]
    switch parts[1] {
    case "end": return certificate?.end.description ?? "none"
    case "registry": return certificate?.standing.rawValue ?? "none"
    case "broken": return String(certificate?.isBroken ?? false)
    default:
      return String(facts.registry.count { $0.kind == kind && $0.standing.rawValue == parts[1] })
    }
  }
}

extension Exercise {
  /// What an ending asserts and is not so: key, expected, found. Asserted in variant 0.
  public func differences(from ending: Ending) -> [(key: String, expected: String, found: String)] {
    ending.end.sorted { $0.key < $1.key }.compactMap { key, expected in
      let found = EndState.value(of: key, in: self) ?? "nothing"
      return found == expected ? nil : (key, expected, found)
    }
  }
}
