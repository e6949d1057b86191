/// A chain of shops whose kiosks reset a PIN of the card.
public struct Store: Hashable, Sendable {
  /// The chain's name.
  public let name: BilingualText
  /// Whether the seed city's page would call it a convenience store (コンビニ).
  public let isConvenienceStore: Bool
  /// Whether every shop of the chain does it, or only some.
  public let everywhere: Bool
  /// The certificates whose PIN it resets.
  public let resets: Set<CertificateKind>
}

/// The shops that reset PINs, on a given day (differences C1).
public struct StoreTable: Hashable, Sendable {
  /// The table's name in profile files.
  public let name: String
  /// The day on which the table was read.
  public let asOf: CalendarDay
  /// The chains.
  public let stores: [Store]

  /// Whether a convenience store resets that PIN.
  public func convenienceStoreResets(_ kind: CertificateKind) -> Bool {
    stores.contains { $0.isConvenienceStore && $0.resets.contains(kind) }
  }

  /// J-LIS's list: Seven-Eleven and some supermarkets for both PINs, the other chains for PIN-S only.
  public static let national = StoreTable(
    name: "national", asOf: CalendarDay(year: 2025, month: 10, day: 16) ?? .first,
    stores: chains(conveniencePINs: [.sign, .auth]))

  /// The seed city's page: PIN-S at convenience stores, PIN-A at some shops that are no convenience stores.
  public static let nagoya = StoreTable(
    name: "nagoya", asOf: CalendarDay(year: 2025, month: 10, day: 16) ?? .first,
    stores: chains(conveniencePINs: [.sign]))

  /// The built-in tables.
  public static let builtIn = [national, nagoya]

  private static func chains(conveniencePINs: Set<CertificateKind>) -> [Store] {
    func store(
      _ ja: String, _ en: String, convenience: Bool, everywhere: Bool, _ resets: Set<CertificateKind>
    ) -> Store {
      Store(
        name: BilingualText(ja: ja, en: en), isConvenienceStore: convenience, everywhere: everywhere, resets: resets)
    }
    return [
      store("セブン-イレブン", "Seven-Eleven", convenience: true, everywhere: true, conveniencePINs),
      store("ローソン", "Lawson", convenience: true, everywhere: true, [.sign]),
      store("ファミリーマート", "FamilyMart", convenience: true, everywhere: true, [.sign]),
      store("ミニストップ", "Ministop", convenience: true, everywhere: true, [.sign]),
      store("イオンリテール", "AEON Retail", convenience: false, everywhere: true, [.sign, .auth]),
      store("イオン北海道・イオン東北", "AEON Hokkaido, AEON Tohoku", convenience: false, everywhere: false, [.sign, .auth]),
      store("フジ", "Fuji", convenience: false, everywhere: false, [.sign, .auth]),
      store("ダイエー", "Daiei", convenience: false, everywhere: false, [.sign]),
    ]
  }
}

/// The two certificates.
public enum CertificateKind: String, CaseIterable, Sendable {
  /// 署名用電子証明書.
  case sign
  /// 利用者証明用電子証明書.
  case auth

  /// The certificate's name in full.
  public var name: BilingualText {
    switch self {
    case .sign: BilingualText(ja: "署名用電子証明書", en: "sign")
    case .auth: BilingualText(ja: "利用者証明用電子証明書", en: "auth")
    }
  }
}
