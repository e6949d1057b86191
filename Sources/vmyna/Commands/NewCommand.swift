import ArgumentParser
import CardRules
import Foundation
import Personalization

/// `vmyna new`: writes a resident file.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a resident file, from options or a few questions.",
    discussion: """
      What no option says is asked at a terminal; anywhere else it is an error. The file is checked before it is written. \
      Docs/Residents.md tells what more can stand in it. Invent people: never write a real person down.
      """)

  @Argument(help: ArgumentHelp("The new file, ending in .yaml; the card bears its name.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("Family and given name, such as 見本　花子.", valueName: "text"))
  var name: String?

  @Option(help: ArgumentHelp("1990-09-10, or from the day of minting: 'today -36y'.", valueName: "date"))
  var birth: String?

  @Option(help: "male, female, notApplicable or unknown.")
  var sex: String?

  @Option(help: ArgumentHelp("Without postal code.", valueName: "text"))
  var address: String?

  @Option(help: ArgumentHelp("Five digits.", valueName: "code"))
  var municipality = "23106"

  @Option(help: ArgumentHelp("The day on which the card was made.", valueName: "date"))
  var issued = "today -30d"

  @Option(help: "A certificate that the holder did not want: sign or auth.")
  var without: [CertificateKind] = []

  @Option(help: ArgumentHelp("The day on which a foreign resident's stay ends.", valueName: "date"))
  var stayUntil: String?

  @Option(help: ArgumentHelp("The signature password.", valueName: "pin"))
  var signPIN = "ABC123"

  @Option(help: ArgumentHelp("The three PINs of four digits.", valueName: "pin"))
  var pin = "1234"

  func run() throws {
    let url = URL(fileURLWithPath: file)
    guard url.pathExtension == "yaml", !url.deletingPathExtension().lastPathComponent.isEmpty else {
      throw UserError("a resident file's name ends in .yaml", at: file, fix: "write: vmyna new \(file).yaml")
    }
    guard !FileManager.default.fileExists(atPath: url.path) else {
      throw UserError("there is such a file already", at: file, fix: "name another one, or remove this one")
    }
    let text = try text()
    do {
      _ = try ResidentFile.parse(
        text, file: file, name: url.deletingPathExtension().lastPathComponent, today: CardLibrary.today)
    } catch {
      // The lines are of a file that nobody has seen, so the value alone is told.
      guard let fault = error.faults.first else { throw error }
      throw UserError(fault.problem, fix: fault.fix)
    }
    do {
      try Data(text.utf8).write(to: url, options: .withoutOverwriting)
    } catch {
      throw UserError("the file cannot be written", at: file, fix: "name a folder that you may write to", exitCode: 3)
    }
    print("\(file): try 'vmyna show \(file)', 'vmyna run --card \(file) -- pkcs15-tool --dump'")
  }

  private func text() throws -> String {
    let name = try ask(name, "--name", "Name 氏名", suggestion: "見本　花子")
    let birth = try ask(birth, "--birth", "Born 生年月日", suggestion: "1990-09-10")
    let sex = try ask(sex, "--sex", "Sex 性別 (male, female, notApplicable, unknown)", suggestion: "female")
    let address = try ask(address, "--address", "Address 住所", suggestion: "愛知県名古屋市中区架空町１丁目２番３号")
    let today = CardLibrary.today
    let day = ResidentFile.day(birth, today: today)
    let isChild = try day.map { born in
      guard let made = ResidentFile.day(issued, today: today) else {
        throw UserError("'\(issued)' is no date", at: "--issued", fix: "write 2026-06-01, or 'today -30d'")
      }
      return BirthdayRule(born: born).age(on: made) < Issuance.minimumSignAge
    }
    let hasSign = !without.contains(.sign) && !(isChild ?? false)
    let hasAuth = !without.contains(.auth)
    var lines = [
      "# An invented resident; the form of this file: Docs/Residents.md", "format: \(ResidentFile.format)",
      "holder:", "  name: \(quoted(name))", "  birth: \(quoted(birth))", "  sex: \(quoted(sex))",
      "  address: \(quoted(address))", "  municipality: \(quoted(municipality))",
    ]
    if let stayUntil { lines += ["  residence: stay", "  stayUntil: \(quoted(stayUntil))"] }
    lines += ["card:", "  issued: \(quoted(issued))", "certificates:"]
    lines += ["  sign: \(hasSign ? "withCard" : "none")", "  auth: \(hasAuth ? "withCard" : "none")", "pins:"]
    if hasSign { lines.append("  sign: \(quoted(signPIN))") }
    if hasAuth { lines.append("  auth: \(quoted(pin))") }
    lines += ["  textInput: \(quoted(pin))", "  residentRecord: \(quoted(pin))"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The option's value, or what is answered; an empty answer takes the suggestion.
  private func ask(_ given: String?, _ option: String, _ question: String, suggestion: String) throws -> String {
    if let given { return given }
    guard isatty(0) == 1 else {
      throw UserError("\(option) is missing", fix: "give it, such as \(option) '\(suggestion)', or come to a terminal")
    }
    FileHandle.standardError.write(Data("\(question) [\(suggestion)]: ".utf8))
    guard let answer = readLine() else {
      throw UserError("the questions were broken off", fix: "begin again; nothing was written", exitCode: 1)
    }
    return answer.isEmpty ? suggestion : answer
  }

  /// A YAML scalar in quotation marks.
  private func quoted(_ text: String) -> String {
    let escaped = text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
      .replacingOccurrences(of: "\n", with: "\\n").replacingOccurrences(of: "\t", with: "\\t")
    return "\"\(escaped)\""
  }
}
