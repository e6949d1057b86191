/// A resident's facts in the form of the card's records.
extension Resident {
  /// The birth date, YYYYMMDD.
  var birthOnFace: String { holder.birth.compact }

  /// The sex: 1 male, 2 female, 9 not applicable, 0 unknown. Certificates write unknown as 3.
  var sexOnFace: String { holder.sex == .unknown ? "0" : holder.sex.rawValue }

  /// The age in the year in which the card was made, for the photograph.
  var ageOnFace: Int { max(0, card.issued.year - (Int(birthOnFace.prefix(4)) ?? 0)) }
}
