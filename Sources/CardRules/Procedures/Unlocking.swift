/// Everything on the card that counts tries and can be set anew.
public enum CardSecret: String, CaseIterable, Sendable {
  /// PIN-S.
  case sign
  /// PIN-A.
  case auth
  /// PIN-J.
  case residentRecord
  /// PIN-K.
  case textInput
  /// 照合番号A.
  case numberA
  /// 照合番号B.
  case numberB

  /// Wrong entries in a row until it locks.
  public func triesMax(profile: MunicipalityProfile = .national) -> Int {
    switch self {
    case .sign: PINKind.sign.triesMax
    case .auth: PINKind.auth.triesMax
    case .residentRecord: PINKind.residentRecord.triesMax
    case .textInput: PINKind.textInput.triesMax
    case .numberA, .numberB: profile.numberTries
    }
  }
}

/// What can be done where about a PIN that is known, forgotten or locked (rules 4.5 to 4.9 and 4.22).
///
/// | where                  | change (old known)     | reset of S       | reset of A       | reset of J, K | 照合番号 |
/// |------------------------|------------------------|------------------|------------------|---------------|----------|
/// | office                 | yes                    | yes              | yes              | yes           | reset    |
/// | convenience store      | –                      | A known, open    | C1; S known      | –             | –        |
/// | other shop             | –                      | A known, open    | S known, open    | –             | –        |
/// | app, client software   | S, A and K             | –                | –                | –             | –        |
public struct PINCase: Hashable, Sendable {
  /// Where it is to be done.
  public enum Place: String, CaseIterable, Sendable {
    /// The office of the registered address.
    case office
    /// A convenience store (コンビニ).
    case convenienceStore
    /// Another shop with a kiosk.
    case otherShop
    /// An app or the client software, at home.
    case app
  }
  /// What is to be done.
  public enum Operation: String, CaseIterable, Sendable {
    /// A new PIN with the old one.
    case change
    /// A new PIN without the old one; clears a lock.
    case reset
  }

  /// The PIN or number.
  public var secret: CardSecret
  /// What is to be done.
  public var operation: Operation
  /// Where.
  public var place: Place
  /// By whom.
  public var applicant = Applicant.holder
  /// Whether the secret is locked.
  public var isLocked = false
  /// Whether its present value is known.
  public var isKnown = false
  /// Whether the other certificate's PIN is known and not locked (for shops).
  public var otherPINWorks = false
  /// Whether both certificates are unexpired and unrevoked (for shops).
  public var certificatesAreGood = true
  /// Whether the card has a photograph (for shops).
  public var hasPhotograph = true
  /// The card's status.
  public var cardStatus = CardStatus.active

  /// A case with the usual card: active, with photograph, certificates good.
  public init(_ operation: Operation, of secret: CardSecret, at place: Place) {
    self.operation = operation
    self.secret = secret
    self.place = place
  }

  /// Whether it may be done, by which rule.
  public func ruling(profile: MunicipalityProfile = .national) -> Ruling {
    let status = Eligibility.mayUse(cardStatus)
    if place != .app, !status.isAllowed { return status }
    return switch (operation, place) {
    case (.change, .office): officeChange
    case (.change, .app): appChange
    case (.change, .convenienceStore), (.change, .otherShop):
      .no(.change, ja: "店舗では変更できない", en: "shops do not change PINs")
    case (.reset, .office): officeReset
    case (.reset, .app): .no(.application, ja: "アプリでは初期化できない", en: "no reset with app or client software")
    case (.reset, .convenienceStore), (.reset, .otherShop): shopReset(profile)
    }
  }

  private var isNumber: Bool { secret == .numberA || secret == .numberB }

  private var officeChange: Ruling {
    if isNumber { return .no(.numberReset, ja: "照合番号は選べない", en: "the printed numbers are not chosen") }
    if isLocked || !isKnown {
      return .no(.change, ja: "ロック中または不明なので、初期化になる", en: "locked or unknown: a reset is needed")
    }
    if applicant == .proxy {
      return .yes(
        .change, ja: "封をした照会書と書類2点が要り、即日では終わらない", en: "with the sealed letter and two documents, not the same day")
    }
    return .yes(.change, ja: "今の暗証番号を入力して変更する", en: "with the present PIN")
  }

  private var appChange: Ruling {
    if isNumber || secret == .residentRecord {
      return .no(.change, ja: "窓口だけで扱う", en: "only the office handles it")
    }
    if isLocked { return .no(.application, ja: "ロックの後は何もできない", en: "nothing can be done after a lock") }
    if !isKnown { return .no(.application, ja: "今の暗証番号が要る", en: "the present PIN is needed") }
    if applicant != .holder { return .no(.application, ja: "本人だけができる", en: "only the holder does it") }
    return .yes(.change, ja: "今の暗証番号を入力して変更する", en: "with the present PIN")
  }

  private var officeReset: Ruling {
    let rule: Rule = isNumber ? .numberReset : .reset
    if applicant == .proxy {
      return .yes(rule, ja: "照会書による2回の来庁が要り、即日では終わらない", en: "two visits with the letter, not the same day")
    }
    return .yes(rule, ja: "今の暗証番号なしで新しく設定する", en: "a new one is set without the old one")
  }

  private func shopReset(_ profile: MunicipalityProfile) -> Ruling {
    let kind: CertificateKind
    switch secret {
    case .sign: kind = .sign
    case .auth: kind = .auth
    case .residentRecord, .textInput:
      return .no(.storeSign, ja: "店舗ではPIN-SとPIN-Aだけ", en: "shops reset PIN-S and PIN-A only")
    case .numberA, .numberB: return .no(.numberReset, ja: "窓口だけで扱う", en: "only the office handles it")
    }
    let rule: Rule = kind == .sign ? .storeSign : .storeAuth
    let isOffered =
      place == .convenienceStore
      ? profile.stores.convenienceStoreResets(kind)
      : profile.stores.stores.contains { !$0.isConvenienceStore && $0.resets.contains(kind) }
    if !isOffered {
      return .no(
        .differenceStores, ja: "この市区町村の案内では、この店舗で扱わない", en: "this municipality's page knows no such shop for it")
    }
    if applicant != .holder { return .no(rule, ja: "代理人はできない", en: "never by a proxy") }
    if !otherPINWorks { return .no(rule, ja: "もう一方の暗証番号が要る", en: "the other certificate's PIN is needed") }
    if !certificatesAreGood { return .no(rule, ja: "証明書が両方とも有効であること", en: "both certificates must be good") }
    if !hasPhotograph { return .no(rule, ja: "写真つきのカードであること", en: "the card must have a photograph") }
    return .yes(rule, ja: "アプリの手続から24時間以内に、6時30分から23時まで", en: "within 24 hours after the app's part, 06:30 to 23:00")
  }
}
