import CardRules
import CounterTraining
import Testing

@Suite("Actions and needs")
struct ActionTests {
  @Test(
    "an action is written as it is read",
    arguments: [
      "ask purpose", "explain next-day", "offer sign", "refuse under-15", "refer shop", "take card", "inspect card",
      "compare driving-licence", "accept card", "reject card", "open inquiry-letter", "destroy inquiry-letter",
      "return card", "return all", "place card", "lift card", "search", "select namesake", "status", "enter sign",
      "enter sign from-letter", "reset sign auth", "reset numberB", "change auth", "issue sign", "renew sign auth",
      "revoke auth", "move", "move card-2", "rename", "extend-stay", "special-period", "stop", "release", "surrender",
      "reissue", "renew-card", "leave-japan", "to-face-authentication", "from-face-authentication", "hand-over",
      "note dates", "note dates today-plus-5", "charge 1000", "print slip", "call help-desk", "record contact", "wait",
      "app photograph", "app enter auth", "app face", "kiosk insert", "kiosk enter auth", "kiosk reset sign", "finish",
    ])
  func roundTrip(_ text: String) throws {
    #expect(try Action(text).description == text)
  }

  @Test(
    "what is no action says what to write",
    arguments: [
      ("", "an action is missing"), ("aks purpose", "there is no action 'aks'"), ("take", "'take' does not say what"),
      ("take card now", "'take' takes one word"), ("enter PIN", "there is no PIN 'PIN'"),
      ("enter sign letter", "'enter' takes a PIN"), ("reset", "'reset' does not say which PIN"),
      ("issue", "'issue' does not say what"), ("change sign auth", "one PIN is changed at a time"),
      ("charge much", "'charge' takes a sum in yen"), ("charge -5", "'charge' takes a sum in yen"),
      ("note nothing", "'note' takes no 'nothing'"), ("call police", "'call' takes no 'police'"),
      ("record voice", "only a contact can be recorded"), ("wait long", "'wait' takes no 'long'"),
      ("app start", "'app start' is no step of the customer's side"),
      (String(repeating: "x", count: 300), "an action has at most 200 characters"),
    ])
  func faults(_ text: String, _ problem: String) {
    let fault = #expect(throws: ActionFault.self) { try Action(text) }
    #expect(fault?.problem == problem)
    #expect(fault?.fix.isEmpty == false)
  }

  @Test(
    "a need is written as it is read",
    arguments: [
      "status", "identity", "second-document", "power", "two-documents", "seal", "say explain.next-day",
      "printed inquiry-letter", "noted dates", "charged 1000", "returned", "destroyed inquiry-letter", "checked",
      "entered residentRecord", "tries sign ≤ 1", "called help-desk", "contact", "did reset sign", "tried move",
      "action take card", "times 3 status", "not did issue sign", "say explain.window before did issue",
      "did reset sign and not did reset auth or did renew sign",
    ])
  func needs(_ text: String) throws {
    #expect(try Need(text).description == text)
  }

  @Test("`or` binds weaker than `and`, that weaker than `not`")
  func precedence() throws {
    #expect(try Need("not status and checked or contact") == .or(.and(.not(.status), .checked), .contact))
    #expect(try Need("tries auth <= 2") == .tries(.auth, atMost: 2))
  }

  @Test(
    "what is no need says what to write",
    arguments: [
      "", "statsu", "say next-day", "tries sign 1", "charged much", "entered PIN", "status or", "times x status",
    ])
  func needFaults(_ text: String) {
    let fault = #expect(throws: ActionFault.self) { try Need(text) }
    #expect(fault?.fix.isEmpty == false)
  }

  @Test("every mistake and omission names a rule that exists")
  func rules() {
    for mistake in Mistake.all + Mistake.omissions {
      #expect(Rule.named(mistake.rule) != nil, "\(mistake.code)")
    }
    for number in 1...18 { #expect(Mistake.named("E\(number)") != nil) }
  }
}
