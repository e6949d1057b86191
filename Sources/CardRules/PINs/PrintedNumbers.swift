/// The 12-digit individual number (個人番号), which is 照合番号A too.
public struct IndividualNumber: Hashable, Sendable, CustomStringConvertible {
  /// The twelve digits.
  public let digits: String

  /// A number of twelve digits whose check digit is right.
  public init?(_ text: String) {
    guard text.utf8.count == 12, Digits.areDigits(text),
      let check = Self.checkDigit(of: String(text.prefix(11))), text.hasSuffix(String(check))
    else { return nil }
    digits = text
  }

  /// The number of these eleven digits, its check digit added.
  public init?(completing eleven: String) {
    guard let check = Self.checkDigit(of: eleven) else { return nil }
    digits = eleven + String(check)
  }

  /// The check digit of eleven digits: 11 − (Σ Pn·Qn mod 11), 0 when the remainder is 0 or 1, where Pn is the n-th digit
  /// from the right and Qn is n+1 up to n = 6 and n−5 above.
  public static func checkDigit(of eleven: String) -> Int? {
    guard eleven.utf8.count == 11, Digits.areDigits(eleven) else { return nil }
    let sum = eleven.utf8.reversed().enumerated().reduce(0) { sum, element in
      let n = element.offset + 1
      return sum + Int(element.element - UInt8(ascii: "0")) * (n <= 6 ? n + 1 : n - 5)
    }
    let remainder = sum % 11
    return remainder <= 1 ? 0 : 11 - remainder
  }

  /// The twelve digits.
  public var description: String { digits }
}

/// 照合番号B: what opens the face picture without the individual number.
public struct NumberB: Hashable, Sendable, CustomStringConvertible {
  /// The fourteen digits.
  public let digits: String

  /// Birth date in era years (6), last year of the card (4), security code of the face (4).
  ///
  /// `nil` for a birth before 明治 or a security code that is not four digits.
  public init?(born: CalendarDay, cardEnd: CalendarDay, securityCode: String) {
    guard let birth = born.eraYearMonthDay, securityCode.utf8.count == 4, Digits.areDigits(securityCode) else {
      return nil
    }
    digits = birth + Digits.padded(cardEnd.year, to: 4) + securityCode
  }

  /// The number after the card's end was rewritten, as the municipality's profile says.
  public func afterExtension(
    born: CalendarDay, cardEnd: CalendarDay, profile: MunicipalityProfile = .national
  ) -> NumberB {
    guard profile.numberBOnExtension == .recompute else { return self }
    return NumberB(born: born, cardEnd: cardEnd, securityCode: String(digits.suffix(4))) ?? self
  }

  /// The fourteen digits.
  public var description: String { digits }
}
