import CardRules
import MyNumberCard

/// What a resident file says of the card as a thing: the keys under `card:` that change its contents and its carrier. All of them
/// may be left out. The form is told in `Docs/CardContents.md`, "In the resident file".
public struct CardOptions: Sendable, Hashable, Codable {
  /// A card of the first years: no lower card-verifiable certificate (7F21).
  public var isOlderGeneration = false
  /// Where data object 5F51, the contact answer to reset, is found.
  public var answerToResetPlace = AnswerToResetPlace.everywhere
  /// Whether the pictures of the card face are drawn. Without them EF 0002 and 0005 of 券面事項確認AP are empty.
  public var isFaceDrawn = true
  /// The fifteen digits of the card's serial number; made from the seed when absent.
  public var serial: String?
  /// The driving licence on the card, where the generation has one.
  public var licence: Licence?

  /// Where cards keep 5F51: at power-on level and in applications, or on some cards only in one of the two (all seen).
  public enum AnswerToResetPlace: String, Sendable, CaseIterable, Codable {
    /// At power-on level and while an application is selected.
    case everywhere
    /// At power-on level.
    case cardManager
    /// While an application is selected.
    case applications
  }

  /// A driving licence.
  public struct Licence: Sendable, Hashable, Codable {
    /// The four digits; none are set when absent.
    public var pin: String?
    /// The last day of the licence.
    public var end: CalendarDay
  }

  /// A plastic card as it is issued now.
  public init() {}
}

extension CardOptions {
  private enum FaceWord: String, CaseIterable {
    case drawn, none
  }

  /// Reads the keys from the mapping under `card:`. What is wrong goes to the document's faults.
  /// - Parameters:
  ///   - map: the mapping under `card:`.
  ///   - generation: the name of the card's generation.
  ///   - today: the day of minting, for relative dates.
  static func read(from map: YAMLMap, generation: String, today: CalendarDay) -> CardOptions {
    var options = CardOptions()
    options.isOlderGeneration = map.flag("olderGeneration") ?? false
    options.answerToResetPlace =
      map.word("answerToResetIn", as: AnswerToResetPlace.self)
      ?? (options.isOlderGeneration ? .applications : .everywhere)
    options.isFaceDrawn = map.word("face", as: FaceWord.self) != FaceWord.none
    options.serial = map.text("serial")
    if let serial = options.serial, serial.utf8.count != 15 || !isDigits(serial) {
      map.complain(
        "'\(serial)' is no serial number of a card", at: "serial", fix: "use fifteen digits in quotation marks")
    }
    options.licence = map.map("licence").flatMap { readLicence($0, today: today) }
    if map.has("licence"), generation != CardGeneration.licence.name {
      map.complain(
        "'licence' needs a card that can carry one, and this one is of the generation '\(generation)'", at: "licence",
        fix: "remove it, or leave out generation: and token:")
    }
    return options
  }

  /// The generation of a card whose file names none.
  static func impliedGeneration(_ map: YAMLMap, carrier: TokenInformation.Carrier) -> CardGeneration {
    carrier.isPhone ? .phone : map.has("licence") ? .licence : .plastic
  }

  private static func readLicence(_ map: YAMLMap, today: CalendarDay) -> Licence? {
    defer { map.finish() }
    let pin = map.text("pin")
    if let pin, pin.utf8.count != 4 || !isDigits(pin) {
      map.complain("the licence's PIN has not the right form", at: "pin", fix: "use four digits in quotation marks")
    }
    let fix = "write 2029-10-10, or from the day of minting: today +3y"
    guard let text = map.requiredText("end", fix: fix) else { return nil }
    guard let end = DateExpression.day(text, today: today), JapaneseEra(of: end) == .reiwa else {
      map.complain("'\(text)' is no last day of a licence", at: "end", fix: fix)
      return nil
    }
    return Licence(pin: pin, end: end)
  }

  private static func isDigits(_ text: String) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
}

extension TokenInformation.Carrier {
  /// Whether it is a phone, which carries the JPKI application alone.
  var isPhone: Bool { self == .android || self == .iPhone }
}
