import CardKernel
import Foundation
import MyNumberCard

/// `card.json` of an image: everything about the card that is not the content of a file.
public struct Manifest: Codable, Sendable, Equatable {
  /// The version of the format; see ``CardImage/format``.
  public var format: Int
  /// The card's name: a word that can stand in a path.
  public var name: String
  /// One line each, in Japanese and English.
  public var title: Title
  /// How it was made.
  public var minted: Minted
  /// The ``CardGeneration``.
  public var generation: String
  /// The ``Personality``.
  public var personality: String
  /// Choices other than the default ones, by name.
  public var choices: [String: String]
  /// PINs by path.
  public var pins: [String: PINEntry]
  /// Data objects by application and tag, in hexadecimal digits.
  public var dataObjects: [String: [String: String]]
  /// Moduli of terminal authorities by path, in hexadecimal digits.
  public var terminalAuthorities: [String: String]
  /// What a program under test needs to know of the holder.
  public var holder: Holder
  /// The state of certificates and card in the registry when the card was minted, by serial number.
  public var registry: [RegistryEntry]?
  /// Faults that the card is born with, in the words of `vmyna fault`.
  public var faults: [String]?
  /// The number of the fixture that the card is, `F01`.
  public var fixture: String?
  /// How it came to this, in two lines.
  public var story: Title?
  /// What clients see of it.
  public var sees: Sees?
  /// undelivered, active, stopped, abolished, lapsed.
  public var cardStatus: String?
  /// What the ward office knows of the resident; only it reads this.
  public var resident: JSONValue?

  /// A title in both languages.
  public struct Title: Codable, Sendable, Equatable {
    /// In Japanese.
    public var ja: String
    /// In English.
    public var en: String

    /// Both.
    public init(ja: String, en: String) {
      self.ja = ja
      self.en = en
    }
  }

  /// What three clients see of a card.
  public struct Sees: Codable, Sendable, Equatable {
    /// OpenSC's tools.
    public var opensc: Title
    /// A web log-in with the authentication certificate.
    public var login: Title
    /// A signature as e-Tax takes it.
    public var signing: Title

    /// All three.
    public init(opensc: Title, login: Title, signing: Title) {
      self.opensc = opensc
      self.login = login
      self.signing = signing
    }
  }

  /// How a card was made.
  public struct Minted: Codable, Sendable, Equatable {
    /// The instant that counts as "now" for this card, ISO 8601.
    public var at: String
    /// The seed of everything that looks random.
    public var seed: UInt64
    /// Whether the keys come from the public pool (`seeded`) or are truly random (`random`).
    public var keys: String

    /// All three.
    public init(at: String, seed: UInt64, keys: String) {
      self.at = at
      self.seed = seed
      self.keys = keys
    }
  }

  /// A PIN.
  public struct PINEntry: Codable, Sendable, Equatable {
    /// Its characters.
    public var value: String
    /// The tries left; absent for all of them.
    public var triesLeft: Int?

    /// Both.
    public init(value: String, triesLeft: Int? = nil) {
      self.value = value
      self.triesLeft = triesLeft
    }
  }

  /// The invented holder, as the card knows him or her.
  public struct Holder: Codable, Sendable, Equatable {
    /// Name, family and given name separated by U+3000.
    public var name: String
    /// Address.
    public var address: String
    /// Birth date, YYYYMMDD.
    public var birth: String
    /// 1, 2, 9 or 0.
    public var sex: String
    /// My number, which is 照合番号A.
    public var numberA: String
    /// 照合番号B.
    public var numberB: String
    /// The last day of the card, YYYYMMDD.
    public var cardEnd: String

    /// All of it.
    public init(
      name: String, address: String, birth: String, sex: String, numberA: String, numberB: String, cardEnd: String
    ) {
      self.name = name
      self.address = address
      self.birth = birth
      self.sex = sex
      self.numberA = numberA
      self.numberB = numberB
      self.cardEnd = cardEnd
    }
  }

  /// The registry's word on one certificate.
  public struct RegistryEntry: Codable, Sendable, Equatable {
    /// `sign` or `auth`.
    public var kind: String
    /// The serial number, hexadecimal digits.
    public var serial: String
    /// good, revoked, hold, expired, superseded.
    public var status: String
    /// The reason's name, when revoked.
    public var reason: String?
    /// When, ISO 8601.
    public var since: String?
    /// O= of the issuer.
    public var authority: String?
    /// The generation of its root.
    public var generation: Int?
    /// Where it was issued.
    public var municipality: Place?
    /// First second of validity, ISO 8601.
    public var notBefore: String?
    /// Last second of validity, ISO 8601.
    public var notAfter: String?
    /// The serial number of the certificate that replaced it.
    public var supersededBy: String?

    /// A municipality.
    public struct Place: Codable, Sendable, Equatable {
      /// Five digits.
      public var code: String
      /// The prefecture, romanised.
      public var prefecture: String
      /// The municipality, romanised.
      public var name: String

      /// All three.
      public init(code: String, prefecture: String, name: String) {
        self.code = code
        self.prefecture = prefecture
        self.name = name
      }
    }

    /// All of it.
    public init(kind: String, serial: String, status: String, reason: String? = nil, since: String? = nil) {
      self.kind = kind
      self.serial = serial
      self.status = status
      self.reason = reason
      self.since = since
    }
  }

  /// All of it; the collections empty.
  public init(
    name: String, title: Title, minted: Minted, generation: String, personality: String, holder: Holder
  ) {
    format = CardImage.format
    self.name = name
    self.title = title
    self.minted = minted
    self.generation = generation
    self.personality = personality
    choices = [:]
    pins = [:]
    dataObjects = [:]
    terminalAuthorities = [:]
    self.holder = holder
  }
}
