import CardRules
import Testing

@Suite("PINs and printed numbers")
struct PINTests {
  @Test(
    "right forms",
    arguments: [
      (PINKind.sign, "ABC123"), (.sign, "A1A1A1A1A1A1A1A1"), (.auth, "0000"), (.residentRecord, "9999"),
      (.textInput, "1234"),
    ])
  func right(kind: PINKind, pin: String) { #expect(kind.fault(in: pin) == nil) }

  @Test(
    "wrong forms",
    arguments: [
      (PINKind.sign, "AB123", PINFault.tooShort(least: 6)), (.sign, "A1A1A1A1A1A1A1A1A", .tooLong(most: 16)),
      (.sign, "ABCDEF", .noDigit), (.sign, "123456", .noLetter), (.sign, "Abc123", .lowerCase("b")),
      (.sign, "ABC12-", .notAllowed("-")), (.sign, "ＡBC123", .notAllowed("Ａ")), (.sign, "", .tooShort(least: 6)),
      (.auth, "123", .tooShort(least: 4)), (.auth, "12345", .tooLong(most: 4)), (.auth, "12a4", .notADigit("a")),
      (.auth, "１234", .notADigit("１")), (.textInput, "12 4", .notADigit(" ")),
      (.residentRecord, "-123", .notADigit("-")),
    ])
  func wrong(kind: PINKind, pin: String, fault: PINFault) {
    #expect(kind.fault(in: pin) == fault)
    #expect(!fault.text.ja.isEmpty && !fault.text.en.isEmpty)
  }

  @Test("the client turns small letters into capitals for PIN-S only")
  func normalized() {
    #expect(PINKind.sign.normalized("abC123é") == "ABC123é")
    #expect(PINKind.auth.normalized("12a4") == "12a4")
  }

  @Test("tries and children")
  func tries() {
    #expect(PINKind.allCases.map(\.triesMax) == [5, 3, 3, 3])
    #expect(PINKind.allCases.map { $0.exists(atAge: 14) } == [false, true, true, true])
    #expect(PINKind.sign.exists(atAge: 15))
    #expect(CardSecret.numberB.triesMax() == 10)
  }

  @Test(
    "weak PINs",
    arguments: [
      ("1111", [PINWeakness.repeatedDigit]), ("1234", [.sequence]), ("4321", [.sequence]), ("0217", [.birthday]),
      ("1980", [.birthday]), ("8002", [.birthday]), ("5502", [.birthday]), ("2580", []), ("12x4", []), ("", []),
    ])
  func weak(pin: String, found: [PINWeakness]) {
    #expect(PINWeakness.find(in: pin, born: day("1980-02-17")) == found)
  }

  @Test("check digits", arguments: [("12345678901", 8), ("00000000000", 0), ("99999999999", 6)])
  func checkDigit(eleven: String, check: Int) throws {
    #expect(IndividualNumber.checkDigit(of: eleven) == check)
    let number = try #require(IndividualNumber(completing: eleven))
    #expect(IndividualNumber(number.digits) == number)
    let wrong = eleven + String((check + 1) % 10)
    #expect(IndividualNumber(wrong) == nil)
  }

  @Test("no individual number", arguments: ["", "12345678901", "1234567890123", "12345678901x", "１23456789018"])
  func noNumber(text: String) { #expect(IndividualNumber(text) == nil) }

  @Test("照合番号B")
  func numberB() throws {
    let born = day("1980-02-17")
    let number = try #require(NumberB(born: born, cardEnd: day("2033-02-17"), securityCode: "1234"))
    #expect(number.digits == "55021720331234")
    #expect(number.afterExtension(born: born, cardEnd: day("2034-02-17")).digits == "55021720341234")
    var keep = MunicipalityProfile.national
    keep.numberBOnExtension = .keep
    #expect(number.afterExtension(born: born, cardEnd: day("2034-02-17"), profile: keep) == number)
    #expect(NumberB(born: born, cardEnd: day("2033-02-17"), securityCode: "12a4") == nil)
    #expect(NumberB(born: day("1860-01-01"), cardEnd: day("2033-02-17"), securityCode: "1234") == nil)
  }
}
