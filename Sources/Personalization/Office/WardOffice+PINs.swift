import Authority
import CardImage
import CardKernel
import CardRules
import MyNumberCard

// PINs and the printed numbers.
extension WardOffice {
  /// A new value with a full counter, in every key object that holds the PIN.
  static func set(_ name: PINName, to value: String, _ pins: PINs) throws(OfficeRefusal) -> [CardChange] {
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

  func reset(_ name: PINName, to value: String, _ resident: Resident, _ pins: PINs) throws -> Outcome {
    guard pins[name]?.value != nil else {
      throw OfficeRefusal(
        "this card has no \(name.rawValue) PIN to reset", rule: .reset,
        fix: "issue the certificate first; a PIN comes with it")
    }
    let isNumber = [.numberA, .numberB, .faceNumberA, .faceNumberB, .birthDate].contains(name)
    if isNumber { try requirePrinted(name, value, resident, pins) }
    var outcome = Outcome(
      resident: resident, changes: try Self.set(name, to: value, pins), rule: isNumber ? .numberReset : .reset)
    let kind: CertificateKind? = name == .sign ? .sign : name == .auth ? .auth : nil
    if let kind, let certificate = resident[kind], !certificate.isAlive(on: today) {
      outcome.remarks.append(
        BilingualText(
          ja: "\(kind == .sign ? "署名用" : "利用者証明用")の証明書は失効か期限切れ: 暗証番号だけ直しても使えない",
          en: "the \(kind.rawValue) certificate is revoked or over: a new PIN alone does not help"))
    }
    return outcome
  }

  func handOver(_ new: [PINName: String], _ resident: Resident, _ pins: PINs) throws -> Outcome {
    return try setAll(new, by: .handOver, resident, pins)
  }

  func setAll(
    _ new: [PINName: String], by event: LifeEvent, _ resident: Resident, _ pins: PINs
  ) throws -> Outcome {
    var needed: [PINName] = [.residentRecord, .textInput]
    if resident.sign != nil { needed.append(.sign) }
    if resident.auth != nil { needed.append(.auth) }
    let rule = event.effect(profile: profile).rule
    try requirePurpose(of: new, at: needed, rule: rule)
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

  /// A PIN that the procedure does not set would be dropped without a word.
  func requirePurpose(
    of new: [PINName: String], at taken: [PINName], rule: Rule
  ) throws(OfficeRefusal) {
    guard let stray = new.keys.filter({ !taken.contains($0) }).min(by: { $0.rawValue < $1.rawValue }) else { return }
    let names = taken.map(\.rawValue).sorted().joined(separator: " and ")
    throw OfficeRefusal(
      "this procedure sets no \(stray.rawValue) PIN, only \(names)", rule: rule,
      fix: "leave '--pin \(stray.rawValue)=…' out; 'vmyna operator reset-pin \(stray.rawValue)' sets it")
  }

  /// The numbers are printed on the card: their counters are refilled, nobody chooses them (rule 4.22).
  private func requirePrinted(
    _ name: PINName, _ value: String, _ resident: Resident, _ pins: PINs
  ) throws(OfficeRefusal) {
    var (_, random) = minter.random(for: resident)
    let numbers = ReferenceNumbers(resident, random: &random)
    let printed =
      switch name {
      case .numberA, .faceNumberA: numbers.a
      case .numberB, .faceNumberB: numbers.b
      default: numbers.birthDate
      }
    // After an extension the face may keep its old number B (a setting), which is then that of the chip.
    guard value != printed, pins[name]?.value != Array(value.utf8) else { return }
    throw OfficeRefusal(
      "\(name.rawValue) is printed on the card and cannot be chosen: a reset only refills its counter",
      rule: .numberReset, fix: "give the printed one; 'vmyna show CARD --env' tells it")
  }

  /// What the holder should hear of the new PINs (rule 1.2.10).
  func weaknesses(of new: [PINName: String], _ resident: Resident) -> [BilingualText] {
    new.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { name, value in
      PINWeakness.find(in: value, born: resident.registered.birth.day).map { weakness in
        BilingualText(
          ja: "\(name.rawValue)の暗証番号: \(weakness.text.ja)。避けるよう案内する(規則\(Rule.pins10.id))",
          en: "the new \(name.rawValue) PIN is weak, \(weakness.text.en): advise another one (rule \(Rule.pins10.id))")
      }
    }
  }
}
