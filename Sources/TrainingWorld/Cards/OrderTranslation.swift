import Authority
import CardRules
import CounterTraining
import MyNumberCard
import Personalization

/// An order of the counter in the words of the ward office, with what the lesson's facts add.
struct OrderTranslation {
  struct Refusal: Error {
    let rule: Rule?
    let reason: BilingualText
  }

  let order: CounterOrder
  let details: OrderDetails
  let card: DeskCard
  let profile: MunicipalityProfile
  let at: JapanInstant

  init(
    _ order: CounterOrder, _ details: OrderDetails, card: DeskCard, profile: MunicipalityProfile, at: JapanInstant
  ) {
    self.order = order
    self.details = details
    self.card = card
    self.profile = profile
    self.at = at
  }

  /// What a customer types when a new PIN is asked for; the exercise never shows it.
  private func value(of secret: CardSecret) -> String {
    switch secret {
    case .sign: "RENSHU26"
    case .auth: "2580"
    case .residentRecord: "1470"
    case .textInput: "3690"
    case .numberA: card.host.image.manifest.holder.numberA
    case .numberB: card.host.image.manifest.holder.numberB
    }
  }

  private func pins(_ secrets: some Sequence<CardSecret>) -> [PINName: String] {
    var pins: [PINName: String] = [:]
    for secret in secrets { if let name = PINName(rawValue: secret.rawValue) { pins[name] = value(of: secret) } }
    return pins
  }

  func orders() throws -> [OfficeOrder] {
    switch order {
    case .issue(let kinds): return [.issue(kinds, pins: pins(details.newPINs))]
    case .renew(let kinds): return [.renew(kinds, pins: pins(details.newPINs))]
    case .revoke(let kinds): return [.revoke(kinds)]
    case .reset(let secrets):
      return secrets.compactMap { secret in
        PINName(rawValue: secret.rawValue).map { .resetPIN($0, new: value(of: secret)) }
      }
    case .change(let secret):
      guard let name = PINName(rawValue: secret.rawValue) else { return [] }
      return [.changePIN(name, new: value(of: secret))]
    case .plain(.renewCard):
      try checkCardRenewal()
      return []
    case .plain(let plain): return [try self.plain(plain)]
    }
  }

  private func plain(_ plain: CounterOrder.Plain) throws -> OfficeOrder {
    switch plain {
    case .move: return try move()
    case .rename:
      let resident = card.resident
      if let name = details.facts["new-name"] { return .rename(name, isFaceUpdated: true) }
      guard resident.holder.name != resident.registered.name else { throw Self.nothing }
      return .rename(resident.registered.name, isFaceUpdated: true)
    case .extendStay:
      guard let until = details.facts["stay-until"].flatMap({ CalendarDay($0) }) else { throw Self.nothing }
      return .extendStay(until: until)
    case .specialPeriod:
      guard details.facts["stay-pending"] != nil || details.facts["stay-until"] == nil else { throw Self.nothing }
      return .specialPeriod
    case .stop: return .event(.stop)
    case .release: return .event(.release)
    case .surrender: return .event(.surrender)
    case .reissue: return .event(.reissue)
    case .renewCard: throw Self.nothing
    case .leaveJapan:
      guard card.resident.registered.residence == .japanese else {
        throw Refusal(
          rule: .leavingJapan,
          reason: BilingualText(ja: "日本国籍の方の手続きです。", en: "Only Japanese nationals keep their card abroad."))
      }
      return .event(.leavingJapanContinuing)
    case .toFaceAuthentication: return .event(.toFaceAuthentication)
    case .fromFaceAuthentication: return .fromFaceAuthentication(pins: pins(details.newPINs))
    case .handOver: return .handOver(pins: pins(details.newPINs))
    }
  }

  private static let nothing = Refusal(
    rule: nil, reason: BilingualText(ja: "変更の届出がありません。", en: "No such change has been reported."))

  private func move() throws -> OfficeOrder {
    let resident = card.resident
    let address = details.facts["new-address"] ?? resident.registered.address
    guard details.facts["new-address"] != nil || resident.holder.address != resident.registered.address else {
      throw Self.nothing
    }
    var municipality: Municipality?
    if let code = details.facts["new-municipality"] { municipality = try Municipality(code: code) }
    return .move(address: address, municipality: municipality, isFaceUpdated: true)
  }

  /// Rules 4.16 and R10: an application in the last three months; the old card goes on until the new one is fetched.
  private func checkCardRenewal() throws {
    let ruling = Eligibility.mayUse(WardOffice.status(of: card.resident, on: at.day))
    guard ruling.isAllowed else { throw Refusal(rule: ruling.rule, reason: ruling.reason) }
    let window = RenewalWindow(end: card.resident.card.end)
    guard window.contains(at.day) else {
      throw Refusal(
        rule: .cardRenewal,
        reason: BilingualText(
          ja: "カードの更新は\(window.opens)から\(window.closes)までです。",
          en: "The card can be renewed from \(window.opens) to \(window.closes)."))
    }
  }
}
