import Authority
import CardImage
import CardKernel
import CardRules
import Cryptography
import MyNumberCard

/// The ward office: does what an order says by the rules, or refuses it with the rule.
///
/// The card is what its resident's facts make it. So the office changes the facts, makes the card of the old and of the new
/// ones, and what differs is what has to be written: keys and certificates, records and pictures, all in one step.
public struct WardOffice: Sendable {
  /// The minter that made the card.
  public let minter: Minter
  /// The municipality's settings.
  public let profile: MunicipalityProfile
  /// The second at which it happens.
  public let now: JapanInstant

  /// What the office sees of the PINs on the card.
  public typealias PINs = [PINName: PIN]

  /// What an order leads to.
  public struct Outcome: Sendable {
    /// The resident's facts afterwards.
    public var resident: Resident
    /// What has to be written to the card, all at once.
    public var changes: [CardChange]
    /// The rule that was followed.
    public var rule: Rule
    /// What should be said to the holder.
    public var remarks: [BilingualText] = []
  }

  /// The office that keeps the record of a card.
  public init(image: CardImage, profile: MunicipalityProfile = .national, now: JapanInstant) {
    var minter = Minter(
      today: (JapanInstant(image.manifest.minted.at) ?? now).day, seed: image.manifest.minted.seed,
      authority: image.manifest.registry?.first?.authority.flatMap { AuthorityName(rawValue: $0) } ?? .virtual)
    minter.facePolicy = .optional(report: { _ in })
    self.minter = minter
    self.profile = profile
    self.now = now
    usesRandomKeys = image.manifest.minted.keys == "random"
  }

  let usesRandomKeys: Bool
  private var today: CalendarDay { now.day }

  /// Carries out an order.
  /// - Parameters:
  ///   - order: what is asked for.
  ///   - resident: the facts as they are.
  ///   - pins: the PINs on the card.
  /// - Throws: ``OfficeRefusal`` with the rule, and nothing has changed.
  public func carryOut(_ order: OfficeOrder, for resident: Resident, pins: PINs) throws -> Outcome {
    try requireStatus(for: order, resident)
    switch order {
    case .issue(let kinds, let new): return try issue(kinds, new, resident, pins, rule: .laterIssue)
    case .renew(let kinds, let new): return try renew(kinds, new, resident, pins)
    case .revoke(let kinds): return try revoke(kinds, resident)
    case .resetPIN(let name, let new): return try reset(name, to: new, resident, pins)
    case .changePIN(let name, let new):
      return Outcome(resident: resident, changes: try Self.set(name, to: new, pins), rule: .change)
    case .move(let address, let municipality, let isFaceUpdated):
      var event = event(municipality == nil ? .moveWithin : .moveIn)
      (event.address, event.municipality, event.isFaceUpdated) = (address, municipality, isFaceUpdated)
      return try rewrite(event, resident, pins)
    case .rename(let name, let isFaceUpdated):
      var event = event(.nameChange)
      (event.name, event.isFaceUpdated) = (name, isFaceUpdated)
      return try rewrite(event, resident, pins)
    case .extendStay(let until): return try extend(to: until, until: until, resident, pins)
    case .specialPeriod:
      return try extend(to: CardEnd.specialPeriod(after: resident.card.end), until: nil, resident, pins)
    case .handOver(let new): return try handOver(new, resident, pins)
    case .fromFaceAuthentication(let new):
      guard resident.card.isForFaceAuthentication else {
        throw OfficeRefusal("it is no face-authentication card", rule: .faceAuthentication, fix: "see 'vmyna show'")
      }
      return try setAll(new, by: .fromFaceAuthentication, resident, pins)
    case .event(let event): return try simple(event, resident, pins)
    }
  }

  private func event(_ event: LifeEvent) -> ResidentEvent {
    ResidentEvent(event, on: today, at: now.unixSeconds)
  }

  // MARK: What may be done at all

  private func requireStatus(for order: OfficeOrder, _ resident: Resident) throws(OfficeRefusal) {
    let status = Self.status(of: resident, on: today)
    switch (order, status) {
    case (.event(.stop), .active), (.event(.death), _), (.handOver, .undelivered), (_, .active): return
    case (.event(.release), .stopped), (.event(.surrender), .stopped), (.event(.reissue), .stopped): return
    case (.event(.reissue), .lapsed), (.event(.unclaimed), .undelivered): return
    default:
      let ruling = Eligibility.mayUse(status)
      let fix: String =
        switch status {
        case .stopped: "release it first: vmyna operator release"
        case .undelivered: "hand it over first: vmyna operator hand-over"
        case .abolished, .lapsed: "only a new card helps: vmyna operator reissue"
        case .active: "see 'vmyna status'"
        }
      throw OfficeRefusal(ruling, fix: fix)
    }
  }

  /// The card's status on a day: its end counts too.
  public static func status(of resident: Resident, on day: CalendarDay) -> CardRules.CardStatus {
    resident.card.status == .active && resident.card.end < day ? .lapsed : resident.card.status
  }

  /// Certificates and face are written with PIN-J, the holder's proof (rules 4.2, 4.3, 4.11).
  private func requireResidentRecordPIN(_ resident: Resident, _ pins: PINs, rule: Rule) throws(OfficeRefusal) {
    guard let pin = pins[.residentRecord], pin.value != nil, pin.triesLeft == 0 else { return }
    throw OfficeRefusal(
      "the residentRecord PIN is locked, and this procedure asks for it", rule: rule,
      fix: "reset it first: vmyna operator reset-pin residentRecord --new 1234")
  }

  // MARK: Certificates

  private func issue(
    _ kinds: Set<CertificateKind>, _ new: [PINName: String], _ resident: Resident, _ pins: PINs, rule: Rule
  ) throws -> Outcome {
    try requireResidentRecordPIN(resident, pins, rule: rule)
    if resident.card.isForFaceAuthentication, kinds.contains(.sign) {
      throw OfficeRefusal(
        "a face-authentication card has no signature certificate", rule: .faceAuthentication,
        fix: "switch it back first: vmyna operator from-face-authentication")
    }
    guard resident.registered.birth.day != nil else {
      throw OfficeRefusal(
        "the birth date is not known, so no rule gives a certificate an end", rule: .r1,
        fix: "give the ends in the resident file and mint the card anew")
    }
    var after = resident
    let decision = after.issue(.init(kinds, on: today, at: now.unixSeconds), profile: profile)
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard let refusal = decision?[kind].refusal else { continue }
      throw OfficeRefusal(
        "this holder may not have a \(kind.rawValue) certificate: \(refusal.sentence.en)", rule: refusal,
        fix: "see what the rules say: vmyna rules list")
    }
    var changes = try changes(from: resident, to: after)
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      changes += try pinChanges(for: kind, new, resident, pins)
    }
    var outcome = Outcome(resident: after, changes: changes, rule: rule)
    outcome.remarks = remarks(on: kinds, resident)
    return outcome
  }

  private func pinChanges(
    for kind: CertificateKind, _ new: [PINName: String], _ resident: Resident, _ pins: PINs
  ) throws(OfficeRefusal) -> [CardChange] {
    let name: PINName = kind == .sign ? .sign : .auth
    if let value = new[name] { return try Self.set(name, to: value, pins) }
    guard let pin = pins[name], let value = pin.value else {
      if resident.card.isForFaceAuthentication { return [] }
      throw OfficeRefusal(
        "the card has no \(name.rawValue) PIN yet", rule: .laterIssue, fix: "give one with --\(name.rawValue)-pin")
    }
    return [.pin(name.path, value: value, triesLeft: pin.triesMax)]
  }

  private func remarks(on kinds: Set<CertificateKind>, _ before: Resident) -> [BilingualText] {
    var remarks: [BilingualText] = []
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard let old = before[kind], old.isAlive(on: today) else { continue }
      let window = RenewalWindow(end: old.end, of: kind, profile: profile)
      if today < window.opens {
        remarks.append(
          BilingualText(
            ja: "\(kind.rawValue)の更新期間は\(window.opens)から。今日の発行は5回目の誕生日まで(規則R7)",
            en: "\(kind.rawValue) could be renewed from \(window.opens); issued today it counts as new (rule R7)"))
      }
    }
    remarks.append(
      BilingualText(
        ja: "サービスには新しい証明書を登録し直す。受け付けは翌日からのことがある(規則R19)",
        en: "services must register the new certificate, some from the next day only (rule R19)"))
    return remarks
  }

  private func renew(
    _ kinds: Set<CertificateKind>, _ new: [PINName: String], _ resident: Resident, _ pins: PINs
  ) throws -> Outcome {
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard let old = resident[kind], old.isAlive(on: today) else {
        throw OfficeRefusal(
          "there is no live \(kind.rawValue) certificate to renew", rule: .renewal,
          fix: "issue one: vmyna operator issue \(kind.rawValue)")
      }
      let window = RenewalWindow(end: old.end, of: kind, profile: profile)
      guard window.contains(today) else {
        throw OfficeRefusal(
          "the \(kind.rawValue) certificate can be renewed from \(window.opens) to \(window.closes), not on \(today)",
          rule: .r6,
          fix:
            "come back then; 'vmyna operator issue \(kind.rawValue)' gives a new one at any time, to the 5th birthday")
      }
    }
    return try issue(kinds, new, resident, pins, rule: .renewal)
  }

  private func revoke(_ kinds: Set<CertificateKind>, _ resident: Resident) throws -> Outcome {
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard resident.certificates.contains(where: { $0.kind == kind && $0.isAlive(on: today) }) else {
        throw OfficeRefusal(
          "there is no live \(kind.rawValue) certificate to revoke", rule: .revocation, fix: "see 'vmyna pki status'")
      }
    }
    var event = event(.revocationRequest)
    event.kinds = kinds
    var after = resident
    after.apply(event, profile: profile)
    return Outcome(resident: after, changes: [], rule: .revocation)
  }

  // MARK: PINs

  /// A new value with a full counter, in every key object that holds the PIN.
  private static func set(_ name: PINName, to value: String, _ pins: PINs) throws(OfficeRefusal) -> [CardChange] {
    guard let pin = pins[name] else {
      throw OfficeRefusal("this card has no \(name.rawValue) PIN", fix: "see 'vmyna status'")
    }
    if let fix = PINForms.fault(in: value, of: name, format: pin.format) {
      throw OfficeRefusal("the new \(name.rawValue) PIN has not the right form", fix: fix)
    }
    return ([name] + name.companions).compactMap { name in
      pins[name].map { .pin(name.path, value: Array(value.utf8), triesLeft: $0.triesMax) }
    }
  }

  private func reset(_ name: PINName, to value: String, _ resident: Resident, _ pins: PINs) throws -> Outcome {
    guard pins[name]?.value != nil else {
      throw OfficeRefusal(
        "this card has no \(name.rawValue) PIN to reset", rule: .reset,
        fix: "issue the certificate first; a PIN comes with it")
    }
    let isNumber = [.numberA, .numberB, .faceNumberA, .faceNumberB, .birthDate].contains(name)
    var outcome = Outcome(
      resident: resident, changes: try Self.set(name, to: value, pins), rule: isNumber ? .numberReset : .reset)
    let kind: CertificateKind? = name == .sign ? .sign : name == .auth ? .auth : nil
    if let kind, let certificate = resident[kind], !certificate.isAlive(on: today) {
      outcome.remarks.append(
        BilingualText(
          ja: "\(kind.rawValue)の証明書は失効か期限切れ: 暗証番号だけ直しても使えない",
          en: "the \(kind.rawValue) certificate is revoked or over: a new PIN alone does not help"))
    }
    return outcome
  }

  private func handOver(_ new: [PINName: String], _ resident: Resident, _ pins: PINs) throws -> Outcome {
    guard resident.card.status == .undelivered else {
      throw OfficeRefusal("the card is handed over already", rule: .handOver, fix: "reset a PIN instead")
    }
    return try setAll(new, by: .handOver, resident, pins)
  }

  private func setAll(
    _ new: [PINName: String], by event: LifeEvent, _ resident: Resident, _ pins: PINs
  ) throws -> Outcome {
    var needed: [PINName] = [.residentRecord, .textInput]
    if resident.sign != nil { needed.append(.sign) }
    if resident.auth != nil { needed.append(.auth) }
    let rule = event.effect(profile: profile).rule
    var changes: [CardChange] = []
    for name in needed.sorted(by: { $0.rawValue < $1.rawValue }) {
      guard let value = new[name] else {
        throw OfficeRefusal(
          "the \(name.rawValue) PIN is missing: the holder sets all of them", rule: rule,
          fix: "give \(needed.map { "--pin \($0.rawValue)=…" }.sorted().joined(separator: " "))")
      }
      changes += try Self.set(name, to: value, pins)
    }
    var after = resident
    after.apply(self.event(event), profile: profile)
    return Outcome(resident: after, changes: changes, rule: rule)
  }

  // MARK: The face, and what only the registry knows

  /// The lines that the note space has room for (rule 4.11 asks for room).
  public static let noteLines = 4

  private func rewrite(_ event: ResidentEvent, _ resident: Resident, _ pins: PINs) throws -> Outcome {
    let rule = event.event.effect(profile: profile).rule
    try requireText(event)
    var after = resident
    if event.isFaceUpdated {
      try requireWritable()
      try requireResidentRecordPIN(resident, pins, rule: rule)
      guard resident.card.notes.count < Self.noteLines else {
        throw OfficeRefusal(
          "there is no room left in the note space", rule: .feeWaived,
          fix: "a new card is made free of charge: vmyna operator reissue")
      }
      after.card.notes.append((event.name ?? event.address ?? "") + "　\(today)")
    }
    after.apply(event, profile: profile)
    var outcome = Outcome(resident: after, changes: try changes(from: resident, to: after), rule: rule)
    outcome.remarks = [
      BilingualText(
        ja: "署名用証明書は失効した。ご希望なら新しいものを発行する", en: "the signature certificate is revoked; offer a new one")
    ]
    return outcome
  }

  private func requireText(_ event: ResidentEvent) throws(OfficeRefusal) {
    for (text, longest) in [
      (event.name, CertifiedText.longestName), (event.address, CertifiedText.longestAddress),
    ] {
      guard let text else { continue }
      do throws(AuthorityError) { _ = try CertifiedText(text, longest: longest) } catch {
        throw OfficeRefusal(error.problem, fix: error.fix)
      }
    }
  }

  /// The text and visual applications are signed with keys that a card with random keys alone has.
  private func requireWritable() throws(OfficeRefusal) {
    guard usesRandomKeys else { return }
    throw OfficeRefusal(
      "the face of a card with random keys cannot be written again", fix: "mint it without --random-keys")
  }

  private func extend(
    to end: CalendarDay, until: CalendarDay?, _ resident: Resident, _ pins: PINs
  ) throws -> Outcome {
    guard case .stay = resident.registered.residence else {
      throw OfficeRefusal(
        "the holder's residence has no end", rule: .r11, fix: "only a card that ends with a stay follows it")
    }
    guard end > resident.card.end else {
      throw OfficeRefusal(
        "the new end \(end) is not after the present one, \(resident.card.end)", rule: .r12, fix: "name a later day")
    }
    try requireWritable()
    try requireResidentRecordPIN(resident, pins, rule: .stayExtension)
    var event = event(.stayExtension)
    (event.cardEnd, event.stayUntil) = (end, until)
    var after = resident
    after.apply(event, profile: profile)
    var outcome = Outcome(resident: after, changes: try changes(from: resident, to: after), rule: .stayExtension)
    outcome.remarks = [
      BilingualText(ja: "証明書は失効した。新しいものを発行する", en: "the certificates have lapsed; issue new ones")
    ]
    return outcome
  }

  private func simple(_ event: LifeEvent, _ resident: Resident, _ pins: PINs) throws -> Outcome {
    if event == .toFaceAuthentication, resident.card.isForFaceAuthentication {
      throw OfficeRefusal(
        "it is a face-authentication card already", rule: .faceAuthentication, fix: "see 'vmyna show'")
    }
    var after = resident
    after.apply(self.event(event), profile: profile)
    var changes = try changes(from: resident, to: after)
    if event == .toFaceAuthentication {
      changes += [PINName.sign, .auth, .textInput, .residentRecord, .common].compactMap { name in
        pins[name].map { _ in .pin(name.path, value: nil, triesLeft: 0) }
      }
    }
    let effect = event.effect(profile: profile)
    var outcome = Outcome(resident: after, changes: changes, rule: effect.rule)
    outcome.remarks = effect.offers.sorted { $0.rawValue < $1.rawValue }.map { kind in
      BilingualText(ja: "\(kind.name.ja)の発行を案内する", en: "offer a new \(kind.rawValue) certificate")
    }
    return outcome
  }
}
