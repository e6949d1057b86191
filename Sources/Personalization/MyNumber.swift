import Cryptography

/// 個人番号: eleven digits and a check digit.
/// Check digit: with P1…P11 from the right of the first eleven and Qn = n+1 for n ≤ 6, else n−5,
/// it is 11 − (Σ Pn·Qn mod 11), and 0 where that remainder is 0 or 1.
public enum MyNumber {
  /// Whether `text` is twelve digits with the right check digit.
  public static func isValid(_ text: String) -> Bool { text.utf8.count == 12 && corrected(text) == text }

  /// The number with the right check digit; `nil` when it has not twelve digits.
  public static func corrected(_ text: String) -> String? {
    let digits = text.utf8.map { Int($0) - 0x30 }
    guard digits.count == 12, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    return String(text.prefix(11)) + String(checkDigit(of: Array(digits.prefix(11))))
  }

  /// A number from a seed.
  public static func made(from random: inout SeededRandom) -> String {
    let digits = (0..<11).map { _ in Int(random.number(below: 10)) }
    return digits.map(String.init).joined() + String(checkDigit(of: digits))
  }

  private static func checkDigit(of digits: [Int]) -> Int {
    let sum = digits.reversed().enumerated().reduce(0) { sum, item in
      let n = item.offset + 1
      return sum + item.element * (n <= 6 ? n + 1 : n - 5)
    }
    let remainder = sum % 11
    return remainder <= 1 ? 0 : 11 - remainder
  }
}
