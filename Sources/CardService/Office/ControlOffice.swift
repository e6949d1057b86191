import Authority
import CardHost
import CardRules
import Foundation
import MyNumberCard
import Personalization

extension CardService {
  /// Answers `office`: the verb, then `key=value` for each of its facts.
  func handleOffice(_ request: ControlRequest) throws(ServiceFault) -> ControlAnswer {
    let card = try card(in: request.slot)
    let words = try OfficeWords(request.arguments ?? [])
    let report = try office.carryOut(try words.order(), old: words.facts["old"], on: card, try words.setting())
    try find(request.slot).report(.changed(cause: "operator"))
    var answer = ControlAnswer()
    answer.office = report
    return answer
  }
}

extension ControlRequest {
  /// The PIN's name and its new value, as an order to the office.
  static func resettingPIN(_ request: ControlRequest) throws(ServiceFault) -> ControlRequest {
    guard let arguments = request.arguments, arguments.count == 2 else {
      throw ServiceFault(
        "a PIN's name and its new value are needed", at: "operator reset-pin",
        fix: "write: vmyna operator reset-pin sign --new ABC123", exitCode: 2)
    }
    return ControlRequest(
      "office", slot: request.slot, arguments: ["reset-pin", "name=\(arguments[0])", "new=\(arguments[1])"])
  }
}

/// The words of an office request.
struct OfficeWords {
  let verb: String
  /// Facts by key; a key that may come several times has its values behind one another.
  let facts: [String: String]
  private let kinds: Set<CertificateKind>
  private let pins: [PINName: String]

  init(_ arguments: [String]) throws(ServiceFault) {
    guard let verb = arguments.first else {
      throw ServiceFault(
        "nothing is asked of the office", at: "operator", fix: "see 'vmyna operator --help'", exitCode: 2)
    }
    self.verb = verb
    var facts: [String: String] = [:]
    var kinds: Set<CertificateKind> = []
    var pins: [PINName: String] = [:]
    for argument in arguments.dropFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw Self.wrong(argument) }
      if parts[0] == "kind" {
        guard let kind = CertificateKind(rawValue: parts[1]) else { throw Self.wrong(argument) }
        kinds.insert(kind)
      } else if parts[0].hasPrefix("pin.") {
        guard let name = PINName(rawValue: String(parts[0].dropFirst(4))) else {
          throw ServiceFault(
            "there is no PIN '\(parts[0].dropFirst(4))'", at: "operator \(verb)",
            fix: "use one of: " + PINName.allCases.map(\.rawValue).joined(separator: ", "), exitCode: 2)
        }
        pins[name] = parts[1]
      } else {
        facts[parts[0]] = parts[1]
      }
    }
    self.facts = facts
    self.kinds = kinds
    self.pins = pins
  }

  private static func wrong(_ argument: String) -> ServiceFault {
    ServiceFault(
      "the office does not understand '\(argument)'", at: "operator", fix: "see 'vmyna operator --help'", exitCode: 2)
  }

  private func missing(_ key: String) -> ServiceFault {
    ServiceFault(
      "'\(key)' is missing", at: "operator \(verb)", fix: "see 'vmyna operator \(verb) --help'", exitCode: 2)
  }

  private func fact(_ key: String) throws(ServiceFault) -> String {
    guard let value = facts[key] else { throw missing(key) }
    return value
  }

  private func pinName() throws(ServiceFault) -> PINName {
    let name = try fact("name")
    guard let pin = PINName(rawValue: name) else {
      throw ServiceFault(
        "there is no PIN '\(name)'", at: "operator \(verb)",
        fix: "use one of: " + PINName.allCases.map(\.rawValue).joined(separator: ", "), exitCode: 2)
    }
    return pin
  }

  func setting() throws(ServiceFault) -> CardOffice.Setting {
    var now = JapanInstant(unixSeconds: Int(Date().timeIntervalSince1970))
    if let at = facts["at"] {
      guard let instant = JapanInstant(at) else { throw missing("at") }
      now = instant
    }
    let name = facts["profile"] ?? MunicipalityProfile.national.name
    guard let profile = MunicipalityProfile.builtIn.first(where: { $0.name == name }) else {
      throw ServiceFault(
        "there is no profile '\(name)'", at: "--profile",
        fix: "use one of: " + MunicipalityProfile.builtIn.map(\.name).joined(separator: ", "), exitCode: 2)
    }
    return CardOffice.Setting(verb: verb, now: now, profile: profile)
  }

  private static let events: [String: LifeEvent] = [
    "stop": .stop, "release": .release, "surrender": .surrender, "reissue": .reissue, "death": .death,
    "to-face-authentication": .toFaceAuthentication, "destroy": .unclaimed,
  ]

  func order() throws(ServiceFault) -> OfficeOrder {
    let both = kinds.isEmpty ? Set(CertificateKind.allCases) : kinds
    let isFaceUpdated = facts["face"] != "later"
    if let event = Self.events[verb] { return .event(event) }
    switch verb {
    case "issue": return .issue(both, pins: pins)
    case "renew": return .renew(both, pins: pins)
    case "revoke":
      guard !kinds.isEmpty else { throw missing("sign or auth") }
      return .revoke(kinds)
    case "reset-pin": return .resetPIN(try pinName(), new: try fact("new"))
    case "change-pin":
      _ = try fact("old")
      return .changePIN(try pinName(), new: try fact("new"))
    case "move":
      var municipality: Municipality?
      if let code = facts["municipality"] {
        do throws(AuthorityError) { municipality = try Municipality(code: code) } catch {
          throw ServiceFault(
            error.problem, at: "--municipality", fix: "use one of the table in Docs/Residents.md", exitCode: 2)
        }
      }
      return .move(address: try fact("address"), municipality: municipality, isFaceUpdated: isFaceUpdated)
    case "rename": return .rename(try fact("name"), isFaceUpdated: isFaceUpdated)
    case "extend":
      guard let until = facts["until"] else { return .specialPeriod }
      guard let day = CalendarDay(until) else {
        throw ServiceFault("'\(until)' is no date", at: "--until", fix: "write it like 2030-11-30", exitCode: 2)
      }
      return .extendStay(until: day)
    case "hand-over": return .handOver(pins: pins)
    case "from-face-authentication": return .fromFaceAuthentication(pins: pins)
    case "leave-japan": return .event(facts["continuing"] == "true" ? .leavingJapanContinuing : .leavingJapan)
    default:
      throw ServiceFault(
        "the office does not know '\(verb)'", at: "operator", fix: "see 'vmyna operator --help'", exitCode: 2)
    }
  }
}
