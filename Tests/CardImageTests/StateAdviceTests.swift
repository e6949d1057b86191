import Foundation
import Testing

@testable import CardImage

/// What is said when a state cannot be used, or cannot go back any further.
@Suite("Advice about a state")
struct StateAdviceTests {
  @Test("what the machine does not give is its fault, not the card's", arguments: ["lock", StateJournal.fileName])
  func machine(name: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
    let fault = #expect(throws: ImageFault.self) { try StateJournal(folder: folder.url, card: "0123ABCD") }
    #expect(fault?.isOfMachine == true)
    let below = folder.file("\(name)/below")
    try Data("x".utf8).write(to: below)
    #expect(throws: ImageFault.self) { try StateJournal(folder: below, card: "0123ABCD") }
  }

  @Test("damage is the state's fault")
  func damage() throws {
    let folder = try TemporaryFolder()
    try Data("vmyna-state 1 card=0123ABCD\nx\n".utf8).write(to: folder.file(StateJournal.fileName))
    let fault = #expect(throws: ImageFault.self) { try StateJournal(folder: folder.url, card: "0123ABCD") }
    #expect(fault?.isOfMachine == false)
  }

  static let ends: [(at: Int, steps: Int, fix: String)] = [
    (9, 1, "no step back is left here; go back to the image: vmyna restore image"),
    (9, 2, "no step back is left here; go back to the image: vmyna restore image"),
    (10, 2, "undo at most 1, or go back to the image: vmyna restore image"),
  ]

  @Test("where the history begins, the advice is a sentence", arguments: ends)
  func end(at position: Int, steps: Int, fix: String) {
    var history = StateHistory()
    for _ in 0..<10 { history.record(history.next(cause: "VERIFY", [.triesLeft(Sample.signPIN, 3)])) }
    history = history.compacted(keeping: 1)
    history.record(history.next(cause: "goto@\(position)", []))
    let fault = #expect(throws: HistoryFault.self) { try history.target(undoing: steps) }
    #expect(fault?.fix == fix)
  }
}
