import Cryptography
import Foundation

/// A name or an address as a certificate holds it: characters that certificates do not know are replaced (代替文字), and a
/// flag for each character says which.
///
/// A character is one Unicode scalar of the composed form (NFC), so a kanji beyond U+FFFF counts once. Variation selectors
/// are refused: a certificate cannot hold them and dropping them silently would hide which glyph the record has.
public struct CertifiedText: Sendable, Equatable {
  /// What stands in the certificate.
  public let text: String
  /// One digit for each character of `text`: 1 where it stands for another one of the resident record.
  public let flags: String

  /// Longest name taken. The limit of real certificates is not known; 100 must be possible.
  public static let longestName = 200
  /// Longest address taken; 200 must be possible.
  public static let longestAddress = 400

  /// The resident record's text with its characters replaced where they must be: by the choice of the holder, by the usual
  /// form of the table, or else not at all, which is an error that asks for a choice.
  public init(_ record: String, choices: [Character: Character] = [:], longest: Int = longestAddress)
    throws(AuthorityError)
  {
    guard record.isEmpty || !record.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
      throw AuthorityError("the text holds nothing but spaces", fix: "write 1 to \(longest) characters")
    }
    var (text, flags) = (String.UnicodeScalarView(), "")
    for scalar in Self.composedScalars(record) {
      if let place = Self.refusal(of: scalar) { throw place }
      let replaced = !CharacterRepertoire.contains(scalar)
      text.append(replaced ? try Self.substitute(for: scalar, choices) : scalar)
      flags.append(replaced ? "1" : "0")
    }
    guard (1...longest).contains(flags.utf8.count) else {
      throw AuthorityError(
        "\"\(record.prefix(20))…\" has \(flags.utf8.count) characters", fix: "write 1 to \(longest) characters")
    }
    self.text = String(text)
    self.flags = flags
  }

  private static func refusal(of scalar: Unicode.Scalar) -> AuthorityError? {
    if scalar.properties.isVariationSelector {
      return AuthorityError(
        "a variation selector (\(scalar.codePoint)) cannot stand in a certificate",
        fix: "leave it out; if the record's glyph matters, name a substitute for the character before it")
    }
    if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
      return AuthorityError(
        "a control character (\(scalar.codePoint)) cannot stand in a certificate", fix: "leave it out")
    }
    // Joiners, marks of direction and the like: printed raw they would turn the error itself around.
    if [.format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory) {
      return AuthorityError(
        "an invisible character (\(scalar.codePoint)) cannot stand in a certificate", fix: "leave it out")
    }
    return nil
  }

  private static func substitute(
    for scalar: Unicode.Scalar, _ choices: [Character: Character]
  ) throws(AuthorityError) -> Unicode.Scalar {
    if let choice = choices[Character(scalar)] {
      guard let only = choice.unicodeScalars.first, choice.unicodeScalars.count == 1, CharacterRepertoire.contains(only)
      else {
        throw AuthorityError(
          "the substitute \(choice) for \(scalar) is itself no character of certificates",
          fix: "choose one of JIS level 1, level 2 or the supplementary kanji, or kana")
      }
      return only
    }
    guard let usual = CharacterRepertoire.usualSubstitute(for: scalar) else {
      throw AuthorityError(
        "certificates do not know the character \(scalar) (\(scalar.codePoint)), and there is no usual substitute",
        fix: "name one, as the holder would at the counter")
    }
    return usual
  }

  /// The record's text as a certificate would hold it: NFC, but compatibility ideographs stay what they are.
  public static func composed(_ record: String) -> String {
    String(String.UnicodeScalarView(composedScalars(record)))
  }

  /// NFC, but compatibility ideographs stay what they are: composing would replace them without a flag.
  private static func composedScalars(_ record: String) -> [Unicode.Scalar] {
    var (result, run): ([Unicode.Scalar], String.UnicodeScalarView) = ([], .init())
    for scalar in record.unicodeScalars {
      if (0xF900...0xFAFF).contains(scalar.value) || (0x2F800...0x2FA1F).contains(scalar.value) {
        result += String(run).precomposedStringWithCanonicalMapping.unicodeScalars
        result.append(scalar)
        run = .init()
      } else {
        run.append(scalar)
      }
    }
    return result + String(run).precomposedStringWithCanonicalMapping.unicodeScalars
  }
}

/// Which characters certificates know: JIS level 1, level 2 and the supplementary kanji, that is JIS X 0208 and JIS X 0212
/// (6 879 and 6 067 characters, the "about 13 thousand" of the municipalities' pages), and ASCII.
public enum CharacterRepertoire {
  /// Whether a certificate may hold the scalar.
  public static func contains(_ scalar: Unicode.Scalar) -> Bool {
    if (0x4E00...0x9FFF).contains(scalar.value) {
      let bit = Int(scalar.value) - 0x4E00
      return kanji.count > bit / 8 && kanji[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0
    }
    return CertificateRepertoire.ranges.contains { $0.contains(scalar.value) }
  }

  /// The form that usually stands for a character that certificates do not know: the table's, or for a compatibility
  /// ideograph the ideograph that it is compatible with.
  public static func usualSubstitute(for scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if let usual = usual[scalar] { return usual }
    let plain = String(scalar).precomposedStringWithCanonicalMapping.unicodeScalars
    guard let only = plain.first, plain.count == 1, only != scalar, contains(only) else { return nil }
    return only
  }

  private static let kanji = Base64.decode(CertificateRepertoire.kanjiBitmap) ?? []

  /// Pairs of a character outside and its usual substitute. Edit freely: the holder's own choice goes before it.
  private static let usual: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs = """
      髙高 﨑崎 𠮷吉 德徳 瀨瀬 栁柳 𣘺橋 﨟臈 昻昂 黑黒 黃黄 﨔欅 緖緒 𡈽土 閒間 圡土 𠀋丈 增増 寬寛 郞郎 靑青 淸清 敎教 橫横
      步歩 內内 巢巣 銳鋭 尙尚 剝剥 姸妍 吞呑 俱倶 蟬蝉 驒騨 鄕郷 槪概 綠緑 絕絶 錄録 戶戸 薰薫
      """
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for pair in pairs.split(whereSeparator: \.isWhitespace) {
      let scalars = Array(pair.unicodeScalars)
      if scalars.count == 2 { table[scalars[0]] = scalars[1] }
    }
    return table
  }()
}

extension Unicode.Scalar {
  /// `U+9AD9`
  var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
