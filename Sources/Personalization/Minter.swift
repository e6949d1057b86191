import Authority
import CardImage
import CardKernel
import CardRules
import Cryptography
import ISO7816
import MyNumberCard

/// Makes card images of residents. The same resident, day and seed give the same bytes on every machine.
public struct Minter: Sendable {
  /// The day of minting; every relative date counts from it.
  public let today: CalendarDay
  /// The moment of minting, when it is known more exactly than its day: what happens on that day has happened by then.
  public let moment: JapanInstant?
  /// The seed of everything that looks random.
  public let seed: UInt64
  /// Whether keys are truly random instead of coming from the public pool.
  public let usesRandomKeys: Bool
  /// O= of the issuer.
  public let authority: AuthorityName

  /// What to do on a machine that cannot draw card faces.
  public var facePolicy = FacePolicy.required

  /// A minter.
  public init(today: CalendarDay, seed: UInt64 = 0, usesRandomKeys: Bool = false, authority: AuthorityName = .virtual) {
    self.today = today
    moment = nil
    self.seed = seed
    self.usesRandomKeys = usesRandomKeys
    self.authority = authority
  }

  /// A minter at a moment; nothing of what it makes lies after it.
  public init(
    at moment: JapanInstant, seed: UInt64 = 0, usesRandomKeys: Bool = false, authority: AuthorityName = .virtual
  ) {
    today = moment.day
    self.moment = moment
    self.seed = seed
    self.usesRandomKeys = usesRandomKeys
    self.authority = authority
  }

  /// The moment that counts as "now" for a card: that of minting, and ten in the morning, Japan time, where only the day is
  /// known.
  private var now: JapanInstant {
    moment ?? JapanInstant(unixSeconds: JapanInstant(startOf: today).unixSeconds + 10 * 3600)
  }
  /// The same.
  var instant: Instant { Instant(unixSeconds: now.unixSeconds) }

  /// What the seed decides of a resident's card.
  func random(for resident: Resident) -> (seed: UInt64, stream: SeededRandom) {
    var stream = SeededRandom(label: "resident \(resident.name)", seed: seed)
    return (stream.next(), stream)
  }

  func issuing(_ seed: UInt64) -> Issuing { Issuing(authority: authority, seed: seed) }

  /// The resident as of the moment of minting: a certificate of that day is issued by then, and what happened on that day has
  /// happened by then.
  private func clamped(_ resident: Resident) -> Resident {
    guard let moment else { return resident }
    let issuing = issuing(random(for: resident).seed)
    func by(_ second: Int) -> Int { min(second, moment.unixSeconds) }
    var resident = resident
    for index in resident.certificates.indices {
      let facts = resident.certificates[index]
      if issuing.moment(of: facts).unixSeconds > moment.unixSeconds {
        resident.certificates[index].issuedAt = moment.unixSeconds
      }
      switch facts.state {
      case .good: break
      case .hold(let since): resident.certificates[index].state = .hold(since: by(since))
      case .revoked(let reason, let since):
        resident.certificates[index].state = .revoked(reason: reason, since: by(since))
      case .superseded(let since): resident.certificates[index].state = .superseded(since: by(since))
      }
    }
    return resident
  }

  /// Makes the image.
  public func mint(_ resident: Resident) throws -> CardImage {
    let resident = clamped(resident)
    var (residentSeed, random) = random(for: resident)
    let numbers = ReferenceNumbers(resident, random: &random)
    var image = CardImage(
      manifest: Manifest(
        name: resident.name, title: .init(ja: resident.title.japanese, en: resident.title.english),
        minted: .init(at: now.description, seed: seed, keys: usesRandomKeys ? "random" : "seeded"),
        generation: resident.card.generation, personality: resident.card.personality,
        holder: .init(
          name: resident.holder.name, address: resident.holder.address, birth: resident.holder.birth.compact,
          sex: resident.sexOnFace, numberA: numbers.a, numberB: numbers.b,
          cardEnd: resident.card.end.compact)))
    image.manifest.choices = resident.choices
    if resident.card.carrier == .iPhone, resident.choices["knowsLastCommand"] == nil {
      image.manifest.choices["knowsLastCommand"] = "true"
    }
    let issuing = issuing(residentSeed)
    try ManifestFacts(resident: resident, issuing: issuing, now: instant).fill(&image.manifest)
    // A card that is announced only: nothing is known of what lies on it.
    guard resident.card.generation != NextGeneration.name else { return image }
    let keys = KeySource(seed: residentSeed, isRandom: usesRandomKeys)
    try JPKIContents(resident: resident, issuing: issuing, keys: keys).fill(&image)
    try CardIdentification(resident: resident, keys: keys, random: &random).fill(&image)
    fillPINs(of: resident, numbers, into: &image)
    try fillFaces(of: resident, numbers, keys, into: &image)
    return image
  }

  /// What stands on the card beside certificates: `Docs/CardContents.md`.
  private func fillFaces(
    of resident: Resident, _ numbers: ReferenceNumbers, _ keys: KeySource, into image: inout CardImage
  ) throws {
    let generation = CardGeneration.named(resident.card.generation) ?? .plastic
    if generation.application(.textInput) != nil {
      try TextInputContents(resident: resident, numberA: numbers.a, keys: keys).fill(&image)
    }
    if let licence = resident.card.options.licence, generation.application(.drivingLicence) != nil {
      try LicenceContents(resident: resident, licence: licence, keys: keys).fill(&image)
    }
    if generation.application(.visualInspection) != nil {
      let pictures = try facePolicy.pictures(of: resident, number: numbers.a, seed: keys.seed)
      try VisualContents(resident: resident, numberA: numbers.a, keys: keys, pictures: pictures).fill(&image)
    }
  }

  private func fillPINs(of resident: Resident, _ numbers: ReferenceNumbers, into image: inout CardImage) {
    var values = resident.pins
    // 住民基本台帳用: one number of the holder, two key objects of the card (rule 1.2.3 of Docs/Rules.md).
    if values[.common] == nil { values[.common] = values[.residentRecord] }
    values[.numberA] = numbers.a
    values[.faceNumberA] = numbers.a
    values[.numberB] = numbers.b
    values[.faceNumberB] = numbers.b
    values[.birthDate] = numbers.birthDate
    let generation = CardGeneration.named(resident.card.generation) ?? .plastic
    for (name, value) in values where generation.application(name.path.application) != nil {
      image.manifest.pins[name.path.description] = .init(value: value, triesLeft: resident.tries[name])
    }
  }
}

/// Where a card's keys come from.
struct KeySource {
  let seed: UInt64
  let isRandom: Bool

  func key(_ label: String) throws(CryptographyError) -> RSAPrivateKey {
    isRandom ? try RSAPrivateKey.generate() : try KeyPool.key(seed: seed, label: label)
  }
}

/// 照合番号 A and B, and the birth date as a PIN.
struct ReferenceNumbers {
  /// My number.
  let a: String
  /// YYMMDD in the era's year, the card's last year, the security code.
  let b: String
  /// The first six digits of B.
  let birthDate: String

  init(_ resident: Resident, random: inout SeededRandom) {
    a = resident.holder.number ?? MyNumber.made(from: &random)
    let western = String(resident.holder.birth.compact.dropFirst(2))
    // A foreign resident's card prints the western year: its last two digits (our choice).
    let isForeign = resident.holder.residence != .japanese
    birthDate = isForeign ? western : resident.holder.birth.eraYearMonthDay ?? western
    b = birthDate + resident.card.end.compact.prefix(4) + resident.card.securityCode
  }
}

extension Minter {
  /// What the registry says of everything that was ever issued to a resident; no certificate is made for it.
  public func registryEntries(_ resident: Resident) throws -> [Registry.Entry] {
    try issuing(random(for: resident).seed).entries(of: clamped(resident))
  }
}
