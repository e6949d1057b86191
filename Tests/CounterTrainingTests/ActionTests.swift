import CounterTraining
import Testing

@Test(arguments: [
  "ask purpose", "take card", "return all", "enter sign from-letter", "reset sign auth", "move card-2", "change auth",
  "note dates today-plus-5", "charge 1000", "record contact", "kiosk reset sign", "renew sign auth", "hand-over",
])
func anActionIsWrittenAsItIsRead(_ text: String) throws {
  #expect(try Action(text).description == text)
}
