import CardRules
import CounterTraining
import Foundation
import Testing
import TrainingWorld

/// Exercises with the real cards behind them.
@Suite("Exercises")
struct ExerciseTests {
  static let greeting = "take card\ninspect card\ncompare card\naccept card\nplace card\nstatus\n"
  static let pins = "enter residentRecord\nenter sign\nenter auth\n"

  @Test("a wrong PIN really spends a try, a right one gives them back")
  func tries() throws {
    var exercise = try TestLessons.exercise(TestLessons.text(customer: "  knows: {auth: wrong-first}"))
    try TestLessons.play(Self.greeting + "enter auth", in: &exercise)
    #expect(exercise.world.counter(of: .auth, on: "holder")?.left == 2)
    try TestLessons.play("enter auth", in: &exercise)
    #expect(exercise.world.counter(of: .auth, on: "holder")?.left == 3)
  }

  @Test("three wrong entries lock the PIN, and a reset opens it")
  func lock() throws {
    var exercise = try TestLessons.exercise(TestLessons.text(customer: "  knows: {residentRecord: wrong}"))
    try TestLessons.play(
      Self.greeting + "enter residentRecord\nenter residentRecord\nenter residentRecord", in: &exercise)
    #expect(exercise.world.counter(of: .residentRecord, on: "holder")?.left == 0)
    try TestLessons.play("status", in: &exercise)
    #expect(exercise.view(.en).terminal.lamps?.locked.isEmpty == false)
    try TestLessons.play("reset residentRecord\nenter residentRecord", in: &exercise)
    #expect(exercise.world.counter(of: .residentRecord, on: "holder")?.left == 3)
    #expect(exercise.view(.en).pad.result == "right")
  }

  @Test("a renewal changes card and registry: the old pair is superseded")
  func renewal() throws {
    var exercise = try TestLessons.exercise(TestLessons.text(card: "in-window"))
    try TestLessons.play(Self.greeting + Self.pins + "renew sign auth\nwait", in: &exercise)
    let facts = try #require(exercise.world.record("holder", at: exercise.now))
    #expect(facts[.sign]?.end.description == "2031-12-15" && facts[.auth]?.end.description == "2031-12-15")
    #expect(facts.registry.map(\.standing).filter { $0 == .good }.count == 2)
    #expect(facts.registry.map(\.standing).filter { $0 == .superseded }.count == 2)
  }

  @Test(
    "a broken write leaves a key without certificate, and the same procedure mends it",
    arguments: ["fresh-adult", "in-window", "no-certs"])
  func brokenWrite(_ card: String) throws {
    var exercise = try TestLessons.exercise(
      TestLessons.text(card: card, more: "events: [{on: write, nth: 1, do: lift-card}]"))
    let verb = card == "in-window" ? "renew" : "issue"
    let order = "\(verb) sign auth\n"
    let typed = card == "no-certs" ? "enter residentRecord\n" : Self.pins
    try TestLessons.play(Self.greeting + typed + order + "wait", in: &exercise)
    var facts = try #require(exercise.world.record("holder", at: exercise.now))
    #expect(facts[.sign]?.isBroken == true && facts[.auth]?.isBroken == true)
    #expect(exercise.view(.en).reader.card == nil)
    try TestLessons.play("place card\nstatus\nenter residentRecord\n" + order + "wait", in: &exercise)
    facts = try #require(exercise.world.record("holder", at: exercise.now))
    #expect(facts[.sign]?.isBroken == false && facts[.auth]?.isBroken == false)
    for kind in CertificateKind.allCases {
      let lines = facts.registry.filter { $0.kind == kind }
      #expect(lines.filter { $0.standing == .good }.count == 1, "\(lines)")
      #expect(lines.filter { $0.standing == .superseded }.count == (card == "no-certs" ? 1 : 2), "\(lines)")
    }
    if card == "in-window" { #expect(facts[.sign]?.end.description == "2031-12-15") }
    try TestLessons.play("lift card\nreturn all\nfinish", in: &exercise)
    let codes = try #require(exercise.sheet(.en)).mistakes.map(\.code)
    #expect(!codes.contains("E13") && !codes.contains("broken-card"))
  }

  @Test("lifting during a write is E13, and a broken card handed back is told")
  func liftedByClerk() throws {
    var exercise = try TestLessons.exercise(
      TestLessons.text().replacingOccurrences(of: "orders: []", with: "orders: [issue sign auth]"))
    try TestLessons.play(
      Self.greeting + "explain window\n" + Self.pins + "issue sign auth\nlift card\nreturn all\nfinish", in: &exercise)
    let sheet = try #require(exercise.sheet(.en))
    #expect(sheet.mistakes.map(\.code) == ["E13", "broken-card"])
  }

  @Test("a new PIN of a wrong form, or typed unequally, never reaches the card")
  func newPIN() throws {
    var exercise = try TestLessons.exercise(
      TestLessons.text(
        card: "sign-locked",
        more: "events: [{on: new-pin, nth: 1, do: wrong-form}, {on: new-pin, nth: 2, do: unequal}]"))
    try TestLessons.play(Self.greeting + "reset sign", in: &exercise)
    #expect(exercise.view(.en).pad.result == "wrongForm")
    try TestLessons.play("reset sign", in: &exercise)
    #expect(exercise.view(.en).pad.result == "unequal")
    #expect(exercise.world.counter(of: .sign, on: "holder")?.left == 0)
    try TestLessons.play("reset sign\nwait", in: &exercise)
    #expect(exercise.world.counter(of: .sign, on: "holder")?.left == 5)
  }

  @Test("a terminal that is down uses no try and does nothing")
  func unavailable() throws {
    var exercise = try TestLessons.exercise(
      TestLessons.text(card: "sign-locked", more: "events: [{on: terminal, do: unavailable}]"))
    try TestLessons.play("take card\nplace card\nsearch\nstatus\nenter auth\nreset sign\nwait", in: &exercise)
    #expect(exercise.world.counter(of: .auth, on: "holder")?.left == 3)
    #expect(exercise.world.counter(of: .sign, on: "holder")?.left == 0)
    #expect(exercise.view(.ja).terminal.isError)
  }

  @Test("the app and the kiosk: PIN-S anew with PIN-A, and not PIN-A at a convenience store")
  func kiosk() throws {
    let steps = "explain shop-steps\napp photograph\napp enter auth\napp face\nkiosk insert\nkiosk enter auth\n"
    var exercise = try TestLessons.exercise(TestLessons.text(card: "sign-locked"))
    try TestLessons.play(steps + "kiosk reset sign", in: &exercise)
    #expect(exercise.world.counter(of: .sign, on: "holder")?.left == 5)
    #expect(exercise.view(.ja).role == "customer")
    var other = try TestLessons.exercise(TestLessons.text(card: "auth-locked"))
    try TestLessons.play(
      "app photograph\napp enter sign\napp face\nkiosk insert\nkiosk enter sign\nkiosk reset auth", in: &other)
    #expect(other.world.counter(of: .auth, on: "holder")?.left == 0)
  }

  @Test(
    "the other procedures change card and registry",
    arguments: [
      ("fresh-adult", "stop", "", "stopped", "hold"), ("stopped", "release", "", "active", "revoked"),
      ("fresh-adult", "reissue", "", "abolished", "revoked"), ("fresh-adult", "surrender", "", "abolished", "revoked"),
      ("fresh-adult", "to-face-authentication\nwait", "", "active", "none"),
      ("fresh-adult", "enter residentRecord\nleave-japan\nwait", "", "active", "revoked"),
      ("fresh-adult", "enter residentRecord\nmove\nwait", "facts: {new-address: 愛知県名古屋市中区架空町９番}", "active", "revoked"),
      ("fresh-adult", "enter residentRecord\nrename\nwait", "facts: {new-name: 架空　花子}", "active", "revoked"),
      ("moved-not-continued", "enter residentRecord\nmove\nwait", "", "active", "revoked"),
      (
        "foreign-stay", "enter residentRecord\nextend-stay\nwait", "facts: {stay-until: 2029-05-31}", "active",
        "revoked"
      ),
      ("foreign-stay", "enter residentRecord\nspecial-period\nwait", "", "active", "revoked"),
      ("card-window", "renew-card", "", "active", "good"), ("fresh-adult", "revoke sign", "", "active", "revoked"),
      ("face-auth", "from-face-authentication\nwait", "", "active", "none"),
      ("undelivered", "hand-over\nwait", "", "active", "good"),
    ])
  func procedures(_ card: String, _ order: String, _ facts: String, _ status: String, _ sign: String) throws {
    var exercise = try TestLessons.exercise(TestLessons.text(card: card, more: facts))
    try TestLessons.play(Self.greeting + order, in: &exercise)
    let record = try #require(exercise.world.record("holder", at: exercise.now))
    #expect(record.status.rawValue == status, "\(exercise.view(.en).terminal.message ?? "")")
    #expect(record[.sign]?.standing.rawValue ?? "none" == sign)
    #expect(record.face.address == record.address && record.face.name == record.name)
  }

  @Test("random actions never trap, change nothing after the end, and a replay gives the same view", arguments: 1...12)
  func random(_ seed: Int) throws {
    let cards = ["fresh-adult", "sign-locked", "no-certs", "moved-not-continued", "stopped", "undelivered"]
    let text = TestLessons.text(
      card: cards[seed % cards.count], customer: "  knows: {auth: forgotten, sign: wrong-first}",
      more: "events: [{on: write, nth: 2, do: lift-card}, {on: terminal, nth: 5, do: unavailable}]")
    var exercise = try TestLessons.exercise(text, seed: UInt64(seed))
    var random = SeededChoice("random actions", seed: UInt64(seed))
    let catalogue = exercise.catalogue
    for _ in 0..<120 {
      let view = exercise.view(.ja)
      var offered = view.say.flatMap(\.items) + view.counter.flatMap(\.actions) + view.terminal.actions
      offered += view.terminal.procedures.flatMap(\.items) + view.desk.flatMap(\.items) + view.telephone
      offered += view.customerSide + view.actions.filter { $0.action != "finish" }
      guard let choice = random.one(of: offered) else { break }
      // What the view offers is possible.
      try exercise.perform(Action(choice.action))
      if let paper = random.one(of: catalogue.papers) {
        _ = try? exercise.perform(.paper(random.one(of: Action.PaperVerb.allCases) ?? .take, paper.id))
      }
    }
    try exercise.perform(.finish)
    let end = exercise.view(.ja)
    #expect(end.sheet != nil, "seed \(seed)")
    for action in [Action.search, .wait, .finish] {
      #expect(throws: Impossible.self, "seed \(seed)") { try exercise.perform(action) }
    }
    #expect(exercise.view(.ja) == end, "seed \(seed)")
    var again = try TestLessons.exercise(text, seed: UInt64(seed))
    for action in exercise.actions { try again.perform(action) }
    #expect(again.view(.ja) == end, "seed \(seed)")
    #expect(try JSONDecoder().decode(ExerciseView.self, from: JSONEncoder().encode(end)) == end)
  }
}
