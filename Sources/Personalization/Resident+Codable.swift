import Authority
import CardRules
import MyNumberCard

// What the ward office knows of a resident, as the manifest of a card image keeps it. PINs, tries, choices and the story
// stand elsewhere in the manifest.

extension Resident: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, holder, registered, card, death, certificates
  }

  /// Reads it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    self.init(
      name: name, title: LocalizedText(japanese: name, english: name),
      holder: try container.decode(Holder.self, forKey: .holder),
      registered: try container.decode(Holder.self, forKey: .registered),
      card: try container.decode(CardFacts.self, forKey: .card),
      certificates: try container.decode([CertificateFacts].self, forKey: .certificates))
    // Records of earlier releases do not tell it.
    death = try container.decodeIfPresent(CalendarDay.self, forKey: .death)
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(holder, forKey: .holder)
    try container.encode(registered, forKey: .registered)
    try container.encode(card, forKey: .card)
    try container.encodeIfPresent(death, forKey: .death)
    try container.encode(certificates, forKey: .certificates)
  }
}

extension CertifiedHolder.Sex: Codable {}
extension CertificateKind: Codable {}
extension CardRules.CardStatus: Codable {}
extension TokenInformation.Carrier: Codable {}

extension Residence: Codable {
  /// `japanese`, `permanent`, or the last day of the stay.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    switch text {
    case "japanese": self = .japanese
    case "permanent": self = .permanent
    default: self = .stay(until: try CalendarDay(reading: text, decoder))
    }
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .japanese: try container.encode("japanese")
    case .permanent: try container.encode("permanent")
    case .stay(let until): try container.encode(until.description)
    }
  }
}

extension CalendarDay: Codable {
  fileprivate init(reading text: String, _ decoder: any Decoder) throws {
    guard let day = CalendarDay(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no date"))
    }
    self = day
  }

  /// `YYYY-MM-DD`.
  public init(from decoder: any Decoder) throws {
    try self.init(reading: decoder.singleValueContainer().decode(String.self), decoder)
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension BirthDate: Codable {
  /// `YYYY-MM-DD`, zeros for what is not known.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let birth = BirthDate(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no date of birth"))
    }
    self = birth
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
