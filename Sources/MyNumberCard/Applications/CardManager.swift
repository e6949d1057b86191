import CardKernel

/// The card manager (issuer security domain), current after power-up: data objects and no files.
public enum CardManager {
  /// The definition.
  public static let definition = ApplicationDefinition(
    name: .cardManager,
    title: LocalizedText(japanese: "カードマネージャ", english: "card manager"),
    id: "A0000001510000",
    files: [],
    isCardManager: true)
}
