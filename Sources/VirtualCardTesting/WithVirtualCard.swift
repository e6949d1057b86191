import Foundation

/// Gives a card to a test. When the test throws, the last exchanges are printed, explained.
/// - Parameters:
///   - card: a card of the gallery (`fresh-adult`), a resident file or the folder of a card image.
///   - day: the day of minting, such as `2026-11-20`; today by default.
///   - seed: the seed of everything that looks random.
///   - body: the test.
public func withVirtualCard<Result>(
  _ card: String = "fresh-adult", day: String? = nil, seed: UInt64 = 0, _ body: (VirtualCard) throws -> Result
) throws -> Result {
  let card = try VirtualCard(card, day: day, seed: seed)
  do {
    return try body(card)
  } catch {
    card.explain(error)
    throw error
  }
}

/// Gives a card to a test that waits for things. When the test throws, the last exchanges are printed, explained.
/// - Parameters:
///   - card: a card of the gallery (`fresh-adult`), a resident file or the folder of a card image.
///   - day: the day of minting, such as `2026-11-20`; today by default.
///   - seed: the seed of everything that looks random.
///   - isolation: the caller's actor; leave it out.
///   - body: the test.
public func withVirtualCard<Result>(
  _ card: String = "fresh-adult", day: String? = nil, seed: UInt64 = 0,
  isolation: isolated (any Actor)? = #isolation, _ body: (VirtualCard) async throws -> Result
) async throws -> Result {
  let card = try VirtualCard(card, day: day, seed: seed)
  do {
    return try await body(card)
  } catch {
    card.explain(error)
    throw error
  }
}

extension VirtualCard {
  /// Prints what led to an error; an expectation tells it by itself.
  fileprivate func explain(_ error: any Error) {
    let said = exchanges.suffix(CardExpectationFailure.mostExchanges)
    guard !(error is CardExpectationFailure), !said.isEmpty else { return }
    let lines = said.map { "  \($0.explanation.english)\n" }.joined()
    try? FileHandle.standardError.write(contentsOf: Data("vmyna: the last exchanges with \(name)\n\(lines)".utf8))
  }
}
