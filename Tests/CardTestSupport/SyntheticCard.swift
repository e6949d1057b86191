import Authority
import CardKernel
import Cryptography
import ISO7816
import MyNumberCard

/// The card of the model's tests: the invented holder of `Docs/CardModel.md`, "The synthetic card", with every file
/// filled and every signature right, from keys that everybody can compute.
public enum SyntheticCard {
  /// The holder's number.
  public static let myNumber = "537686677188"
  /// 照合番号B.
  public static let numberB = "55021720352285"

  /// What a story calls a PIN by its ``PINName``.
  public static func value(of pin: PINName) -> [UInt8] {
    let text =
      switch pin {
      case .sign: "ABC123"
      case .auth, .textInput, .residentRecord, .common: "1234"
      case .numberA, .faceNumberA: myNumber
      case .numberB, .faceNumberB: numberB
      case .birthDate: String(numberB.prefix(6))
      }
    return Array(text.utf8)
  }

  /// The keys, by the names that stories use.
  public enum Key: String, CaseIterable, Sendable {
    case auth, sign, text, visual, common, session, issuer, terminalAuthority, terminal
  }

  /// A key of the seeded pool.
  public static func key(_ name: Key) throws -> RSAPrivateKey {
    guard let key = keys[name] else { return try KeyPool.key(seed: 1, label: name.rawValue) }
    return key
  }

  private static let keys: [Key: RSAPrivateKey] = {
    var result: [Key: RSAPrivateKey] = [:]
    for name in Key.allCases { result[name] = try? KeyPool.key(seed: 1, label: name.rawValue) }
    return result
  }()

  /// Everything on the card.
  public static func contents() throws -> CardContents {
    try SyntheticContents.shared.get()
  }

  /// The card in power-on state.
  public static func make(_ change: (inout CardContents) throws -> Void = { _ in }) throws -> Card {
    var contents = try contents()
    try change(&contents)
    return try contents.makeCard()
  }
}

extension SyntheticCard {
  /// The body of a card-verifiable certificate for a key, 297 bytes.
  public static func verifiableBody(of name: Key) throws -> [UInt8] {
    SyntheticContents.keyIdentifier("9299774") + SyntheticContents.keyIdentifier("9200073")
      + (try SyntheticContents.publicKey(name)).flatMap(\.encoded)
  }
}
