import CardRules
import Foundation
import Personalization
import Testing

/// Bad resident files: each fault with its line, its column and a way out.
@Suite("Bad resident files")
struct BadResidentTests {
  static let good = """
    format: 1
    holder:
      name: 見本　花子
      birth: 1990-09-10
      sex: female
      address: 愛知県名古屋市中区架空町１丁目２番３号
      municipality: "23106"
    card:
      issued: 2026-06-01
    certificates:
      sign: withCard
      auth: withCard
    pins:
      sign: ABC123
      auth: "1234"
    """

  struct Case: Sendable, CustomTestStringConvertible {
    let old, new, place, problem, fix: String
    var testDescription: String { new }
    init(_ old: String, _ new: String, _ place: String, _ problem: String, _ fix: String) {
      (self.old, self.new, self.place, self.problem, self.fix) = (old, new, place, problem, fix)
    }
  }

  static let cases: [Case] = [
    Case("format: 1\n", "", "1:1", "'format' is missing", "format: 1"),
    Case("format: 1", "format: 2", "1:9", "'format' cannot be '2'", "from 1 to 1"),
    Case("  name:", "  naem:", "3:3", "'naem' means nothing here", "did you mean 'name'?"),
    Case("holder:", "hodler:", "2:1", "'hodler' means nothing here", "did you mean 'holder'?"),
    Case("1990-09-10", "1990-02-30", "4:10", "'1990-02-30' is no date", "today -71d -36y"),
    Case("1990-09-10", "today -36x", "4:10", "'today -36x' is no date", "write"),
    Case("1990-09-10", "2027-01-01", "4:10", "born on 2027-01-01, after today", "earlier"),
    Case("birth: 1990-09-10", "birth: {birthday: today, turns: 400}", "4:35", "'turns' cannot be '400'", "0 to 130"),
    Case("birth: 1990-09-10", "birth: 1950-00-10", "4:10", "'1950-00-10' is no date", "write"),
    Case("female", "woman", "5:8", "'sex' cannot be 'woman'", "male, female"),
    Case("\"23106\"", "\"99999\"", "7:17", "municipality 99999 is not in the table", "prefecture"),
    Case("花子", "花󠄀子", "3:9", "variation selector", "leave it out"),
    Case("花子", "𠮟子𪚥", "3:9", "no usual substitute", "substitutes"),
    Case("issued: 2026-06-01", "issued: 2027-06-01", "9:11", "after today", "earlier"),
    Case("issued: 2026-06-01", "issued: 1980-06-01", "9:11", "before its holder is born", "later"),
    Case("issued: 2026-06-01", "issued: 2026-06-01\n  applied: 2026-07-01", "10:12", "after its issue", "earlier"),
    Case("issued: 2026-06-01", "issued: 2026-06-01\n  end: 2030-01-01", "10:8", "R9", "force: true"),
    Case("issued: 2026-06-01", "issued: 2026-06-01\n  end: 2020-01-01", "10:8", "before it begins", "later"),
    Case("issued: 2026-06-01", "issued: 2026-06-01\n  generation: gold", "10:15", "no generation 'gold'", "plastic"),
    Case("sign: withCard", "sign: yes please", "11:9", "'sign' cannot be 'yes please'", "withCard or none"),
    Case("sign: withCard", "sign: {end: 2031-09-10}", "11:15", "by the rules this certificate ends on", "force: true"),
    Case("sign: withCard", "sign: {end: 2020-09-10, force: true}", "11:15", "before it begins", "later"),
    Case("sign: withCard", "sign: {issued: [withCard, 2026-05-01]}", "11:29", "before its card", "later"),
    Case("sign: withCard", "sign: {serial: xyz}", "11:18", "no serial number", "hexadecimal"),
    Case("sign: withCard", "sign: {revoked: {reason: stolen, since: today}}", "11:28", "no reason", "keyCompromise"),
    Case("1990-09-10", "2016-04-20", "11:9", "may not have this certificate (rule R15", "sign: none"),
    Case("female", "female\n  adultWard: true", "12:9", "may not have this certificate (rule 3.1", "sign: none"),
    Case("1990-09-10", "1950-00-00", "9:3", "birth date is not known", "end"),
    Case("ABC123", "abc123", "14:9", "has not the right form", "capital letters"),
    Case("\"1234\"", "12345", "15:9", "has not the right form", "4 digits"),
    Case("pins:", "tries:\n  sign: 6\npins:", "14:9", "'sign' cannot be '6'", "0 to 5"),
    Case("pins:", "faults: [broken]\npins:", "13:10", "no fault 'broken'", "dead"),
    Case("pins:", "choices:\n  shiny: true\npins:", "14:10", "no choice 'shiny'", "CardModel"),
    Case("pins:", "events:\n  - event: party\n    day: today\npins:", "14:12", "no event 'party'", "stop"),
    Case("pins:", "events:\n  - event: moveWithin\n    day: today\npins:", "14:12", "what was before", "old address"),
    Case("pins:", "events:\n  - event: stop\n    day: tomorrow\npins:", "15:10", "no date", "write"),
    Case("pins:", "events: stop\npins:", "13:9", "an event has lines of its own", "- event: stop"),
    Case("female", "female\n  number: \"123456789012\"", "6:11", "no my number", "check digit it is"),
    Case("sex: female", "sex: female\n  sex: male", "6:3", "stands here twice", "remove"),
    Case("holder:", "holder: x\nperson:", "2:9", "lines of its own", "indent"),
    Case("sex: female", "sex: &x female", "5:8", "'&x' is an anchor or an alias", "in quotes"),
    Case("auth: withCard", "auth: *x", "12:9", "'*x' is an anchor or an alias", "in quotes"),
    Case("format: 1", "a: &a [x, x]\n? [*a, *a]\n: y\nformat: 1", "1:4", "'&a' is an anchor", "write the value out"),
    Case("pins:", "---\npins:", "13:1", "a second document begins here", "remove the line"),
    Case("issued: 2026-06-01", "issued: 2014-01-01", "9:11", "the first root", "2015-10-21 or later"),
    Case("花子", "\u{202E}花子", "3:9", "an invisible character (U+202E)", "leave it out"),
    Case("花子", "花\u{200D}子", "3:9", "an invisible character (U+200D)", "leave it out"),
    Case("  name: 見本", "\tname: 見本", "3:1", "not YAML", "indentation"),
  ]

  @Test("say what, where and how to mend it", arguments: cases)
  func fault(example: Case) throws {
    #expect(SchemaTests.faults(Self.good).isEmpty)
    let text = Self.good.replacingOccurrences(of: example.old, with: example.new)
    let faults = SchemaTests.faults(text)
    let fault = try #require(
      faults.first { $0.problem.contains(example.problem) }, "\(faults.map(\.description))")
    #expect(fault.location == "x.yaml:" + example.place)
    #expect(fault.fix.contains(example.fix), "\(fault.fix)")
  }

  @Test("a text may hold & and *, in quotes, in a block and inside", arguments: ["\"&見本　*花\"", "'*a'", "見本&*　花 *a &b"])
  func noReference(title: String) {
    let text =
      Self.good
      + "\ntitle: {ja: \(title.hasPrefix("見") ? "\"\(title)\"" : title), en: x}\nstory:\n  ja: |\n    * one\n    &two\n  en: R&D *now*\n"
    #expect(SchemaTests.faults(text).isEmpty, "\(SchemaTests.faults(text))")
  }

  @Test("aliases of aliases as a key end at once")
  func laughter() throws {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for number in 1...9 {
      text +=
        "a\(number): &a\(number) [" + [String](repeating: "*a\(number - 1)", count: 10).joined(separator: ",") + "]\n"
    }
    let faults = SchemaTests.faults(text + "? *a9\n: y\n")
    #expect(faults.first?.problem.contains("'&a0' is an anchor") == true)
    #expect(faults.first?.location == "x.yaml:1:5")
  }

  @Test("a misspelt key is one fault, not two")
  func misspelt() {
    let faults = SchemaTests.faults(Self.good.replacingOccurrences(of: "birth:", with: "birht:"))
    #expect(faults.map(\.problem) == ["'birht' means nothing here"])
    #expect(faults.first?.fix == "did you mean 'birth'?")
  }

  @Test("a name that is too long")
  func longName() throws {
    let text = Self.good.replacingOccurrences(of: "花子", with: String(repeating: "花", count: 300))
    let fault = try #require(SchemaTests.faults(text).first)
    #expect(fault.location == "x.yaml:3:9")
  }

  @Test("two residents with one number, across a folder")
  func sameNumber() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = Self.good.replacingOccurrences(of: "sex: female", with: "sex: female\n  number: \"123456789018\"")
    for name in ["a", "b"] {
      try text.write(to: folder.appendingPathComponent(name + ".yaml"), atomically: true, encoding: .utf8)
    }
    let (count, faults) = ResidentFile.check(folder: folder, today: GalleryTable.day) { _, _ in [] }
    #expect(count == 2)
    #expect(faults.count == 1)
    #expect(faults.first?.location.hasSuffix("b.yaml:6:11") == true)
    #expect(faults.first?.problem == "the number 123456789018 is that of a.yaml already")
  }

  @Test("what is impossible can be forced")
  func forced() throws {
    let text = Self.good.replacingOccurrences(of: "1990-09-10", with: "2016-04-20")
      .replacingOccurrences(of: "sign: withCard", with: "sign: {end: 2030-04-20, force: true}")
    let resident = try ResidentFile.parse(text, file: "x.yaml", name: "x", today: GalleryTable.day)
    #expect(resident.sign?.end.description == "2030-04-20")
  }
}
