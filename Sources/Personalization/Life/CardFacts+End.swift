import Authority
import CardRules

extension Resident.CardFacts {
  /// The last day of the card for a holder of that birth date and residence (rules R9 to R11). The face of a foreign resident's
  /// card is written again when the stay is longer, but never beyond the birthday at which the card would end without it.
  func ruledEnd(
    born: CalendarDay, residence: Residence, profile: MunicipalityProfile = .national
  ) -> CalendarDay {
    var request = IssuanceRequest(born: born, issued: issued, applied: applied)
    request.residence = residence
    request.card = .issued(renewing: renewing)
    request.auth = .none
    request.sign = .none
    guard let ageLine else { return Issuance.decide(request, profile: profile).cardEnd }
    // An age line of another time, kept on any day: below it the 5th birthday (rule R9).
    let birthdays = BirthdayRule(born: born)
    let ruled = birthdays.birthday(birthdays.age(on: applied ?? issued) < ageLine ? 5 : 10, after: issued)
    if case .stay(let until) = residence { return min(ruled, until) }
    return ruled
  }

  /// The end that a longer stay gives the card, or the special period: not beyond the birthday (rules R11, R12).
  func extendedEnd(
    to wished: CalendarDay, born: CalendarDay?, profile: MunicipalityProfile = .national
  ) -> CalendarDay {
    guard let born else { return wished }
    return ruledEnd(born: born, residence: .stay(until: wished), profile: profile)
  }
}

extension Resident.Holder {
  /// The address text of somebody who left Japan; its form is not known for sure.
  static func addressAbroad(since left: CalendarDay) -> String? {
    guard let (era, year) = left.eraYear else { return nil }
    let digits = [year, left.month, left.day].map { String($0).fullWidth }
    return "国外転出（\(era.name.ja)\(digits[0])年\(digits[1])月\(digits[2])日）"
  }
}

extension String {
  /// ASCII digits as full-width ones.
  fileprivate var fullWidth: String {
    String(String.UnicodeScalarView(unicodeScalars.map { Unicode.Scalar($0.value + 0xFEE0) ?? $0 }))
  }
}
