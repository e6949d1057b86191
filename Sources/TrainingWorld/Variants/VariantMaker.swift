import CardRules
import CounterTraining
import MyNumberCard
import Personalization

/// Draws the case of a seed: days, people, papers. Seed 0 is the lesson as it is written.
struct VariantMaker {
  let lesson: Lesson
  let seed: UInt64
  let profile: MunicipalityProfile
  /// Reads a resident as of a day.
  let resident: (RecordSource, CalendarDay) throws -> Resident

  struct Made {
    var variant: Variant
    var residents: [(name: String, resident: Resident)]
    /// The day of minting.
    var today: CalendarDay
    /// Papers of the lesson that are others in this variant.
    var documents: [String: String]
  }

  private struct Days {
    var reference: CalendarDay
    var today: CalendarDay
    var holder: Resident
  }

  func make() throws -> Made {
    var random = SeededChoice("lesson \(lesson.name)", seed: seed)
    let days = try drawDays(&random)
    var pool = NamePool(random: SeededChoice("names \(lesson.name)", seed: seed))
    var residents: [(name: String, resident: Resident)] = []
    var holder = days.holder
    rename(&holder, &pool)
    for (secret, range) in lesson.variation.tries.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where seed > 0 {
      guard let name = PINName(rawValue: secret.rawValue) else { continue }
      holder.tries[name] = random.number(in: range)
    }
    residents.append((RecordName.holder, holder))
    for other in lesson.others {
      var resident = try resident(other.source, days.reference)
      rename(&resident, &pool)
      change(&resident, as: other, beside: holder, &pool)
      residents.append((other.id, resident))
    }
    for index in residents.indices {
      residents[index].resident.name = "\(lesson.name)-\(residents[index].name)".lowercased()
      residents[index].resident.card.options.isFaceDrawn = false
    }
    let shift = days.today.days(since: lesson.at.day)
    let (papers, documents) = papers(&random, today: days.today, shift: shift)
    let facts = facts(&pool, today: days.today, shift: shift)
    let variant = Variant(
      lesson: lesson, seed: seed,
      at: JapanInstant(unixSeconds: lesson.at.unixSeconds + shift * 86_400), profile: profile, facts: facts,
      papers: papers, customer: customer(holder, &pool, &random, today: days.today))
    return Made(variant: variant, residents: residents, today: days.reference, documents: documents)
  }

  // MARK: Days

  private func drawDays(_ random: inout SeededChoice) throws -> Days {
    guard seed > 0 else {
      return Days(
        reference: lesson.reference, today: lesson.at.day, holder: try resident(lesson.holder, lesson.reference))
    }
    let distance = lesson.at.day.days(since: lesson.reference)
    var last: Days?
    for _ in 0..<60 {
      // April 2026 to March 2028 for a card as of November 2026.
      let reference = lesson.reference.adding(days: random.number(in: -230...480))
      var holder = try resident(lesson.holder, reference)
      var today = reference.adding(days: distance)
      if let ages = lesson.variation.ages {
        guard move(&holder, toAge: random.number(in: ages), on: today) else { continue }
      }
      if let day = lesson.variation.day {
        guard let anchor = anchor(day.anchor, of: holder) else { break }
        let days = random.number(in: day.days)
        today = anchor.adding(days: day.isBefore ? -days : days)
      }
      last = Days(reference: reference, today: today, holder: holder)
      if Self.isWorkingDay(today), today >= reference.adding(days: min(0, distance)) { break }
    }
    if let last { return last }
    return Days(
      reference: lesson.reference, today: lesson.at.day, holder: try resident(lesson.holder, lesson.reference))
  }

  /// Public holidays from April 2026 to March 2028, in which most lessons lie; later ones are not fixed yet.
  private static let holidays: Set<String> = [
    "2026-04-29", "2026-05-03", "2026-05-04", "2026-05-05", "2026-05-06", "2026-07-20", "2026-08-11", "2026-09-21",
    "2026-09-22", "2026-09-23", "2026-10-12", "2026-11-03", "2026-11-23", "2027-01-11", "2027-02-11", "2027-02-23",
    "2027-03-22", "2027-04-29", "2027-05-03", "2027-05-04", "2027-05-05", "2027-07-19", "2027-08-11", "2027-09-20",
    "2027-09-23", "2027-10-11", "2027-11-03", "2027-11-23", "2028-01-10", "2028-02-11", "2028-02-23", "2028-03-20",
  ]

  /// Monday to Friday, no public holiday, not around the New Year.
  static func isWorkingDay(_ day: CalendarDay) -> Bool {
    let weekday = ((day.ordinal + 3) % 7 + 7) % 7
    return weekday < 5 && !holidays.contains(day.description) && !(day.month == 12 && day.day >= 29)
      && !(day.month == 1 && day.day <= 3)
  }

  private func anchor(_ anchor: VariationRules.Anchor, of holder: Resident) -> CalendarDay? {
    switch anchor {
    case .authEnd: holder.auth?.end
    case .signEnd: holder.sign?.end
    case .cardEnd: holder.card.end
    case .authWindow: holder.auth.map { RenewalWindow(end: $0.end, of: .auth, profile: profile).opens }
    case .signWindow: holder.sign.map { RenewalWindow(end: $0.end, of: .sign, profile: profile).opens }
    case .cardWindow: RenewalWindow(end: holder.card.end).opens
    case .birthday15: holder.registered.birth.day.map { BirthdayRule(born: $0).day(ofAge: 15) }
    }
  }

  /// Moves the birth by whole years: the birthday, and with it every end, stays.
  private func move(_ holder: inout Resident, toAge age: Int, on day: CalendarDay) -> Bool {
    guard let birth = holder.registered.birth.day else { return true }
    let years = age - BirthdayRule(born: birth).age(on: day)
    guard let moved = CalendarDay(year: birth.year - years, month: birth.month, day: birth.day) else { return false }
    holder.holder.birth = BirthDate(moved)
    holder.registered.birth = BirthDate(moved)
    for index in holder.certificates.indices { holder.certificates[index].holder.birth = BirthDate(moved) }
    return true
  }

  // MARK: People

  private func rename(_ resident: inout Resident, _ pool: inout NamePool) {
    guard seed > 0, lesson.variation.drawsNames else { return }
    func renamed(_ holder: Resident.Holder) -> Resident.Holder {
      var holder = holder
      holder.name = pool.name(holder.name, isWoman: holder.sex == .female)
      holder.address = pool.address(holder.address)
      return holder
    }
    resident.holder = renamed(resident.holder)
    resident.registered = renamed(resident.registered)
    for index in resident.certificates.indices {
      resident.certificates[index].holder = renamed(resident.certificates[index].holder)
    }
  }

  private func change(
    _ resident: inout Resident, as other: OtherRecord, beside holder: Resident, _ pool: inout NamePool
  ) {
    let draws = seed > 0 && lesson.variation.drawsNames
    let isWoman = resident.registered.sex == .female
    let name =
      other.name == "same" ? holder.registered.name : other.name.map { draws ? pool.name($0, isWoman: isWoman) : $0 }
    let address =
      other.address == "same" ? holder.registered.address : other.address.map { draws ? pool.address($0) : $0 }
    func changed(_ person: Resident.Holder) -> Resident.Holder {
      var person = person
      if let name { person.name = name }
      if let address { person.address = address }
      if let birth = other.birth { person.birth = BirthDate(birth) }
      return person
    }
    resident.holder = changed(resident.holder)
    resident.registered = changed(resident.registered)
    for index in resident.certificates.indices {
      resident.certificates[index].holder = changed(resident.certificates[index].holder)
    }
  }

  private func customer(
    _ holder: Resident, _ pool: inout NamePool, _ random: inout SeededChoice, today: CalendarDay
  ) -> Variant.Person {
    let portrait = random.next() & 0xFFFF_FFFF
    let told = lesson.customer
    guard !told.isHolder else {
      let person = holder.registered
      return Variant.Person(
        name: person.name, birth: person.birth.day, address: person.address, isWoman: person.sex == .female,
        portrait: portrait)
    }
    let family = holder.registered.name.split(separator: "\u{3000}").first.map(String.init) ?? "見本"
    let draws = seed > 0 && lesson.variation.drawsNames
    let name =
      told.name.map { draws ? pool.name($0, isWoman: told.isWoman) : $0 }
      ?? family + "\u{3000}" + pool.freshGiven(isWoman: told.isWoman)
    let age = told.age.map { seed > 0 ? max(0, $0 + random.number(in: -3...3)) : $0 } ?? 42
    let birth = today.adding(months: -12 * age).adding(days: -random.number(in: 1...360))
    return Variant.Person(
      name: name, birth: birth, address: holder.registered.address, isWoman: told.isWoman, portrait: portrait)
  }

  // MARK: Papers and facts

  private func papers(
    _ random: inout SeededChoice, today: CalendarDay, shift: Int
  ) -> (papers: [BroughtPaper], documents: [String: String]) {
    var papers = lesson.customer.brings
    var documents: [String: String] = [:]
    if seed > 0, let chosen = random.one(of: lesson.variation.documents),
      let index = papers.firstIndex(where: { lesson.variation.documents.contains($0.kind) && $0.kind == $0.id }),
      !papers.contains(where: { $0.id == chosen })
    {
      documents[papers[index].id] = chosen
      papers[index].kind = chosen
      papers[index].id = chosen
    }
    let drawn = seed > 0 ? random.one(of: lesson.variation.documents) : lesson.variation.documents.first
    for index in papers.indices {
      if papers[index].kind == VariationRules.anyDocument { papers[index].kind = drawn ?? "driving-licence" }
      papers[index].validUntil = papers[index].validUntil.map { date($0, today: today, shift: shift) ?? $0 }
    }
    return (papers, documents)
  }

  /// A date of the lesson, moved with its day; `nil` for a text that is none.
  private func date(_ text: String, today: CalendarDay, shift: Int) -> String? {
    if let day = CalendarDay(text) { return day.adding(days: shift).description }
    guard text.hasPrefix("today"), let day = ResidentFile.day(text, today: today) else { return nil }
    return day.description
  }

  private func facts(_ pool: inout NamePool, today: CalendarDay, shift: Int) -> [String: String] {
    var facts: [String: String] = [:]
    for (key, text) in lesson.facts.sorted(by: { $0.key < $1.key }) {
      if let day = date(text, today: today, shift: shift) {
        facts[key] = day
      } else if seed > 0, lesson.variation.drawsNames, key.hasSuffix("address") {
        facts[key] = pool.address(text)
      } else if seed > 0, lesson.variation.drawsNames, key.hasSuffix("name") {
        facts[key] = pool.name(text, isWoman: true)
      } else {
        facts[key] = text
      }
    }
    return facts
  }
}
