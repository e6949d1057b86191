import Authority
import CardRules

/// Something that happened in the life of a resident or the card, other than the issue of certificates.
public struct ResidentEvent: Sendable, Hashable {
  /// What happened; its effect is that of the rules.
  public var event: LifeEvent
  /// The day.
  public var on: CalendarDay
  /// The second, since 1970; nine in the morning of the day when absent.
  public var at: Int?
  /// The new name.
  public var name: String?
  /// The new address.
  public var address: String?
  /// Where the resident record is kept from then on.
  public var municipality: Municipality?
  /// The new end of the card.
  public var cardEnd: CalendarDay?
  /// The new end of the stay.
  public var stayUntil: CalendarDay?
  /// Whether the card's face was written anew.
  public var isFaceUpdated: Bool
  /// The certificates concerned, for a revocation on request.
  public var kinds: Set<CertificateKind>

  /// An event.
  public init(_ event: LifeEvent, on day: CalendarDay, at second: Int? = nil) {
    self.event = event
    on = day
    at = second
    isFaceUpdated = true
    kinds = Set(CertificateKind.allCases)
  }

  /// The second that counts.
  public var second: Int { at ?? JapanInstant(startOf: on).unixSeconds + 9 * 3600 }

  /// Whether its name, address or municipality differ from those of a person.
  func isNews(to person: Resident.Holder) -> Bool {
    func differs(_ text: String?, _ other: String) -> Bool {
      // By scalars: String takes compatibility ideographs for the ideographs they are compatible with.
      text.map {
        !CertifiedText.composed($0).unicodeScalars.elementsEqual(CertifiedText.composed(other).unicodeScalars)
      }
        ?? false
    }
    return differs(name, person.name) || differs(address, person.address)
      || municipality.map { $0 != person.municipality } ?? false
  }
}
