import Authority
import CardHost
import CardRules
import Personalization

/// What a procedure of the ward office did, as `vmyna operator` prints it.
public struct OfficeReport: Codable, Sendable, Equatable {
  /// The card's name.
  public var card: String
  /// The rule that was followed.
  public var rule: String
  /// What the rule says.
  public var sentence: Text
  /// The card's status afterwards.
  public var cardStatus: String
  /// The card's last day, `YYYY-MM-DD`.
  public var cardEnd: String
  /// Every certificate of the card, oldest first.
  public var certificates: [Certificate]
  /// What should be said to the holder.
  public var remarks: [Text]

  /// A text in both languages.
  public struct Text: Codable, Sendable, Equatable {
    /// In Japanese.
    public var ja: String
    /// In English.
    public var en: String

    init(_ text: BilingualText) {
      ja = text.ja
      en = text.en
    }
  }

  /// A certificate.
  public struct Certificate: Codable, Sendable, Equatable {
    /// `sign` or `auth`.
    public var kind: String
    /// The serial number.
    public var serial: String
    /// good, expired, revoked, hold, superseded, notYetValid.
    public var status: String
    /// Why, where it is revoked.
    public var reason: String?
    /// The last day, `YYYY-MM-DD`.
    public var end: String
  }

  init(_ outcome: WardOffice.Outcome, card: CardHost, record: OfficeRecord, now: JapanInstant) throws {
    self.card = card.name
    rule = outcome.rule.id
    sentence = Text(outcome.rule.sentence)
    cardStatus = WardOffice.status(of: record.resident, on: now.day).rawValue
    cardEnd = record.resident.card.end.description
    remarks = outcome.remarks.map(Text.init)
    let instant = Instant(unixSeconds: now.unixSeconds)
    certificates = try record.entries(image: card.image).map { entry in
      Certificate(
        kind: entry.hierarchy.rawValue, serial: entry.serial, status: entry.standing(at: instant).rawValue,
        reason: entry.state.reason?.name, end: JapanInstant(unixSeconds: entry.notAfter.unixSeconds).day.description)
    }
  }
}
