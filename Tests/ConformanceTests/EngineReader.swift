import CardModel
import CardTestSupport
import Conformance
import Foundation
import ISO7816
import MyNumberCard

/// A card of the tests in a reader that is none.
final class EngineReader: ConformanceReader {
  let driver: CardDriver
  let answerToReset: [UInt8]

  init(_ change: (inout CardContents) throws -> Void = { _ in }) throws {
    driver = try CardDriver(change)
    answerToReset = Personality.named(Personality.defaultName)?.answerToReset.bytes ?? []
  }

  func transmit(_ command: [UInt8]) -> [UInt8] { driver.send(command).bytes }
  func reset() { driver.card.warmReset() }
  func power() { driver.card.powerCycle() }
}

enum TheModel {
  static let shared = Result {
    ModelDocument(
      try String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
          .deletingLastPathComponent().appending(path: "Docs/CardModel.md"), encoding: .utf8))
  }
}
