import CardHost

extension CardService {
  /// Shows a card that somebody else owns, in place of whatever the slot holds; `nil` leaves the slot empty. The training
  /// desk lets its cards stand in a reader this way. The office does not come to know of them: their own does.
  public func show(_ card: CardHost?, slot number: Int = 0) throws(ServiceFault) {
    let slot = try find(number)
    _ = slot.eject()
    guard let card, !slot.insert(card) else { return }
    throw ServiceFault(
      "another card came into slot \(number) first", at: path, fix: "take it out with 'vmyna eject' first", exitCode: 1)
  }
}
