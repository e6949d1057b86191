import Authority
import CardImage
import CardKernel
import CardRules
import MyNumberCard

// What stands on the face, and what only the registry knows.
extension WardOffice {
  /// The lines that the note space has room for (rule 4.11 asks for room).
  public static let noteLines = 4

  func rewrite(_ event: ResidentEvent, _ resident: Resident, _ pins: PINs) throws -> Outcome {
    let rule = event.event.effect(profile: profile).rule
    try requireText(event, resident)
    var after = resident
    let isNews = event.isNews(to: resident.registered)
    if !isNews { try requireUnwritten(event, resident, rule: rule) }
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
    // Record and face are two operations: what the record has already is written on the face, and nothing is revoked again.
    if isNews { after.apply(event, profile: profile) } else { after.holder = after.registered }
    var outcome = Outcome(resident: after, changes: try changes(from: resident, to: after), rule: rule)
    outcome.remarks = [
      isNews
        ? BilingualText(
          ja: "署名用証明書は失効した。ご希望なら新しいものを発行する", en: "the signature certificate is revoked; offer a new one")
        : BilingualText(
          ja: "住民記録と同じ内容を券面に書いた。証明書は変わらない",
          en: "the face now says what the resident record has; the certificates stay")
    ]
    return outcome
  }

  /// What the resident record has already can still be written on the face, when it is not there.
  private func requireUnwritten(
    _ event: ResidentEvent, _ resident: Resident, rule: Rule
  ) throws(OfficeRefusal) {
    let what = event.name == nil ? "address" : "name"
    guard event.isNews(to: resident.holder) else {
      throw OfficeRefusal(
        "card and resident record have this \(what) already", rule: rule, fix: "give another \(what)")
    }
    guard event.isFaceUpdated else {
      throw OfficeRefusal(
        "the resident record has this \(what) already", rule: rule,
        fix: "write it on the face: leave out --face-later")
    }
  }

  /// Rule 4.18: Japanese nationals keep their card; where there was an address the record says that they left.
  func continueAbroad(_ resident: Resident, _ pins: PINs) throws -> Outcome {
    guard resident.registered.residence == .japanese else {
      throw OfficeRefusal(
        "only Japanese nationals keep their card abroad", rule: .leavingJapan,
        fix: "let the card lapse: vmyna operator leave-japan without --continuing")
    }
    var event = event(.leavingJapanContinuing)
    event.address = Resident.Holder.addressAbroad(since: today)
    // The face of a card with random keys cannot be written again; the record and the next certificate tell it all the same.
    event.isFaceUpdated = !usesRandomKeys
    return try rewrite(event, resident, pins)
  }

  private func requireText(_ event: ResidentEvent, _ resident: Resident) throws(OfficeRefusal) {
    let person = resident.registered
    for (text, longest) in [
      (event.name, CertifiedText.longestName), (event.address, CertifiedText.longestAddress),
    ] {
      guard let text else { continue }
      do throws(AuthorityError) {
        _ = try CertifiedText(text, choices: ResidentReader.characters(person.substitutes), longest: longest)
      } catch {
        throw OfficeRefusal(error.problem, fix: error.fix)
      }
    }
    // The text file of the card has room for so much only, whether it is written now or later.
    let name = (event.name ?? person.name) + (person.alias ?? "")
    if let fault = AttributesRecord.fault(name: name, address: event.address ?? person.address) {
      throw OfficeRefusal(fault.problem, fix: fault.fix)
    }
  }

  /// The text and visual applications are signed with keys that a card with random keys alone has.
  func requireWritable() throws(OfficeRefusal) {
    guard usesRandomKeys else { return }
    throw OfficeRefusal(
      "the face of a card with random keys cannot be written again", fix: "mint it without --random-keys")
  }

  /// - Parameter until: the end of the longer stay; `nil` for the special period.
  func extend(until: CalendarDay?, _ resident: Resident, _ pins: PINs) throws -> Outcome {
    guard case .stay = resident.registered.residence else {
      throw OfficeRefusal(
        "the holder's residence has no end", rule: .r11, fix: "only a card that ends with a stay follows it")
    }
    if until == nil, let granted = resident.card.specialPeriod {
      throw OfficeRefusal(
        "the special period was written on \(granted) already, and there is only one", rule: .r12,
        fix: "name the new end of the stay once it is granted: vmyna operator extend --until …")
    }
    let wished = until ?? CardEnd.specialPeriod(after: resident.card.end)
    let end = resident.card.extendedEnd(to: wished, born: resident.registered.birth.day, profile: profile)
    guard end > resident.card.end || wished <= end else {
      throw OfficeRefusal(
        "the card ends on \(resident.card.end), the birthday beyond which no stay extends it", rule: .r11,
        fix: "renew the card in its last three months")
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
    if end < wished {
      outcome.remarks.append(
        BilingualText(
          ja: "カードは誕生日の\(end)までで、それより長くはならない(規則R11)",
          en: "the card ends on the birthday \(end), and not later (rule R11)"))
    }
    outcome.remarks += [
      BilingualText(ja: "証明書は失効した。新しいものを発行する", en: "the certificates have lapsed; issue new ones")
    ]
    return outcome
  }

  func simple(_ event: LifeEvent, _ resident: Resident, _ pins: PINs) throws -> Outcome {
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
