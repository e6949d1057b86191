import Authority
import CardImage
import CardRules
import Foundation

/// What the ward office keeps of one card: the resident's facts, and through them every certificate ever issued for it.
public struct OfficeRecord: Sendable {
  /// The facts.
  public var resident: Resident

  /// A record of those facts.
  public init(resident: Resident) { self.resident = resident }

  /// The record that comes with an image; `nil` for an image that has none.
  public init?(image: CardImage) {
    guard let value = image.manifest.resident, let data = try? JSONEncoder().encode(value),
      let resident = try? JSONDecoder().decode(Resident.self, from: data)
    else { return nil }
    self.resident = resident
  }

  /// A record as it was written; `nil` for a damaged one.
  public init?(json: Data) {
    guard let resident = try? JSONDecoder().decode(Resident.self, from: json) else { return nil }
    self.resident = resident
  }

  /// The record as it is written.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(resident)
  }

  /// What the registry says of every certificate of the card.
  /// - Parameter image: the image that the card was made from, whose seed gives the serial numbers.
  public func entries(image: CardImage) throws -> [Registry.Entry] {
    let minter = Minter(today: .first, seed: image.manifest.minted.seed)
    let name = image.manifest.registry?.first?.authority.flatMap { AuthorityName(rawValue: $0) } ?? .virtual
    return try Issuing(authority: name, seed: minter.random(for: resident).seed).entries(of: resident)
  }
}
