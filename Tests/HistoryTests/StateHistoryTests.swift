import CardKernel
import Foundation
import ISO7816
import MyNumberCard
import Testing

@testable import CardHost
@testable import CardImage

@Suite("State as history")
struct StateHistoryTests {
  @Test("a journal of format 1 loads, goes on as the present format, and says the same")
  func fixture() throws {
    let folder = try TemporaryFolder()
    let journal = folder.url.appendingPathComponent("state.journal")
    try FileManager.default.copyItem(
      at: Fixtures.folder.appendingPathComponent("state-1/state.journal"), to: journal)
    for _ in 0..<2 {
      let host = try CardHost.powered(state: folder.url)
      #expect(host.triesLeft(.sign) == 5)
      #expect(host.triesLeft(.auth) == 2)
      #expect(host.history.events.count == 7)
      #expect(host.history.position == 7)
      #expect(host.pin(.sign)?.value == Array("BCD234".utf8))
      #expect(host.pin(.textInput)?.value == Array("9876".utf8))
      #expect(host.pin(.common)?.value == Array("9876".utf8))
      let text = try String(contentsOf: journal, encoding: .utf8)
      #expect(text.hasPrefix("vmyna-state \(StateJournal.format) card="))
    }
  }

  @Test("a journal of format 2 loads; it does not say which record of the office held where events are forgotten")
  func fixtureOfFormat2() throws {
    let folder = try TemporaryFolder()
    let journal = folder.url.appendingPathComponent("state.journal")
    try FileManager.default.copyItem(
      at: Fixtures.folder.appendingPathComponent("state-2/state.journal"), to: journal)
    for _ in 0..<2 {
      let host = try CardHost.powered(state: folder.url)
      let history = host.history
      #expect(host.triesLeft(.sign) == 5)
      #expect(host.triesLeft(.auth) == 2)
      #expect(history.forgotten == 40)
      #expect(history.position == 42)
      #expect(history.snapshots.mapValues(\.position) == ["early": 3, "late": 42])
      #expect(history.record(at: 42) == nil)
      #expect(history.record(at: 43) == 2)
      #expect(history.recordsThatHold == [nil, 2])
      let text = try String(contentsOf: journal, encoding: .utf8)
      #expect(text.hasPrefix("vmyna-state \(StateJournal.format) card="))
    }
  }

  @Test("a newer state is refused")
  func newer() throws {
    let folder = try TemporaryFolder()
    try Data("vmyna-state 4 card=00000000\n".utf8).write(to: folder.url.appendingPathComponent("state.journal"))
    let fault = #expect(throws: ImageFault.self) { try CardHost.powered(state: folder.url) }
    #expect(fault?.problem.contains("format 4") == true)
  }

  @Test("a step is what one command did: undo takes back a right PIN as a whole", arguments: [false, true])
  func steps(isKept: Bool) throws {
    let folder = try TemporaryFolder()
    let host = try CardHost.powered(state: isKept ? folder.url : nil)
    #expect(host.verify(.auth, "0000") == "63C2")
    #expect(host.verify(.auth, "1234") == "9000")
    #expect(host.history.events.map(\.cause) == ["VERIFY", "VERIFY", "VERIFY+"])
    #expect(host.triesLeft(.auth) == 3)
    try host.undo()
    #expect(host.triesLeft(.auth) == 2)
    #expect(!host.status.pins.contains { $0.status.isVerified })
    try host.undo()
    #expect(host.triesLeft(.auth) == 3)
    #expect(host.history.position == 0)
    #expect(throws: CardHost.MoveFailure.self) { try host.undo() }
    // The next command sees it.
    #expect(host.send("00200080") == "63C3")
  }

  @Test("a verified PIN whose counter changes by a move is no longer verified; another one stays")
  func verified() throws {
    let host = try CardHost.powered()
    try host.apply([.pin(PINName.auth.path, value: Array("1234".utf8), triesLeft: 1)], cause: "set")
    #expect(host.verify(.sign, "ABC123") == "9000")
    #expect(host.verify(.auth, "1234") == "9000")
    // Back to one try left for auth and to an untouched sign, whose value and counter are the same as now.
    try host.go(to: 1)
    let verified = host.status.pins.filter(\.status.isVerified).map(\.name)
    #expect(verified == [.sign])
    #expect(host.triesLeft(.auth) == 1)
  }

  @Test("going on after an undo begins a branch; the old one stays reachable")
  func branches() throws {
    let host = try CardHost.powered()
    for _ in 0..<3 { _ = host.verify(.auth, "0000") }
    #expect(host.triesLeft(.auth) == 0)
    try host.undo(2)
    #expect(host.triesLeft(.auth) == 2)
    #expect(host.verify(.sign, "WRONG1") == "63C4")
    #expect(host.history.path == [1, 5])
    #expect(host.history.parent(of: 5) == 1)
    try host.go(to: 3)
    #expect(host.triesLeft(.auth) == 0)
    #expect(host.triesLeft(.sign) == 5)
    try host.go(to: 5)
    #expect(host.triesLeft(.auth) == 2)
    #expect(host.triesLeft(.sign) == 4)
    // To go to a move is to go where it led.
    try host.go(to: 4)
    #expect(host.history.position == 1)
  }

  @Test("snapshots, in memory and kept", arguments: [false, true])
  func snapshots(isKept: Bool) throws {
    let folder = try TemporaryFolder()
    var host: CardHost? = try CardHost.powered(state: isKept ? folder.url : nil)
    _ = host?.verify(.sign, "WRONG1")
    #expect(try host?.snapshot("one-wrong") == 1)
    for _ in 0..<4 { _ = host?.verify(.sign, "WRONG1") }
    #expect(host?.verify(.sign, "ABC123") == "6984")
    if isKept {
      host = nil
      host = try CardHost.powered(state: folder.url)
      #expect(host?.verify(.sign, "ABC123") == "6984")
    }
    try host?.restore("one-wrong")
    #expect(host?.triesLeft(.sign) == 4)
    try host?.restore("image")
    #expect(host?.triesLeft(.sign) == 5)
    #expect(throws: CardHost.MoveFailure.self) { try host?.restore("nothing") }
    for name in ["", "image", "a b", "a@1", "ü", String(repeating: "x", count: 65)] {
      #expect(throws: CardHost.MoveFailure.self) { try host?.snapshot(name) }
    }
  }

  @Test("the history is bounded, says so, and keeps the state, the snapshots and the image")
  func bounded() throws {
    let folder = try TemporaryFolder()
    var host: CardHost? = try CardHost.powered(state: folder.url)
    host?.select(.auth)
    _ = host?.send("0020008004" + "39393939")
    try host?.snapshot("early")
    for _ in 0..<(StateHistory.mostEvents / 2) { _ = host?.send("0020008004" + "31323334") }
    for round in 0..<2 {
      if round == 1 {
        host = nil
        host = try CardHost.powered(state: folder.url)
        #expect(host?.verify(.auth, "1234") == "9000")
      }
      let history = try #require(host?.history)
      #expect(history.events.count < StateHistory.mostEvents)
      #expect(history.forgotten > 2)
      #expect(history.snapshots.keys.sorted() == ["early"])
      #expect(host?.triesLeft(.auth) == 3)
      #expect(throws: CardHost.MoveFailure.self) { try host?.go(to: 1) }
      #expect(throws: CardHost.MoveFailure.self) { try host?.undo(StateHistory.mostEvents) }
      let clock = ContinuousClock()
      let spent = try clock.measure { try host?.undo() }
      print("undo with \(history.events.count) events: \(spent)")
      #expect(host?.triesLeft(.auth) == 3)
      try host?.restore("early")
      #expect(host?.triesLeft(.auth) == 2)
      try host?.restore("image")
      #expect(host?.triesLeft(.auth) == 3)
    }
  }

  @Test("a move that a kill tore never happened", arguments: [1, 5, 20])
  func torn(cut: Int) throws {
    let folder = try TemporaryFolder()
    let journal = folder.url.appendingPathComponent("state.journal")
    var host: CardHost? = try CardHost.powered(state: folder.url)
    _ = host?.verify(.sign, "WRONG1")
    try host?.undo()
    host = nil
    let bytes = try Data(contentsOf: journal)
    try bytes.dropLast(cut).write(to: journal)
    host = try CardHost.powered(state: folder.url)
    #expect(host?.triesLeft(.sign) == 4)
    #expect(host?.history.position == 1)
  }

  @Test("a random walk: the state after each event is found again, before and after loading", arguments: [1, 2, 3])
  func walk(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let folder = try TemporaryFolder()
    var host: CardHost? = try CardHost.powered(state: folder.url)
    let names: [PINName] = [.sign, .auth, .textInput, .residentRecord, .common]
    var known: [Int: [Int?]] = [0: names.map { host?.triesLeft($0) }]
    for _ in 0..<120 {
      switch random.next() % 8 {
      case 0: _ = try? host?.undo(Int(random.next() % 3) + 1)
      case 1: _ = try? host?.go(to: Int(random.next() % UInt64((host?.history.last ?? 0) + 1)))
      case 2: _ = try? host?.snapshot("s\(random.next() % 3)")
      case 3: _ = try? host?.restore("s\(random.next() % 3)")
      case 4: _ = host?.verify(.sign, "ABC123")
      default: _ = host?.verify(names[Int(random.next() % UInt64(names.count))], "0000")
      }
      let position = try #require(host?.history.position)
      let state = names.map { host?.triesLeft($0) }
      #expect(known[position] == nil || known[position] == state, "seed \(seed), event \(position)")
      known[position] = state
    }
    host = nil
    host = try CardHost.powered(state: folder.url)
    for (event, state) in known {
      try host?.go(to: event)
      #expect(names.map { host?.triesLeft($0) } == state, "seed \(seed), event \(event)")
    }
  }
}

/// A small generator of numbers that look random, from a seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
