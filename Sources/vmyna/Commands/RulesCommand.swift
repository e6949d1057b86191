import ArgumentParser
import CardRules

/// `vmyna rules`: what the rules say about dates, people and PINs.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "What the rules say: until when, who may, and why.",
    subcommands: [
      RulesValidityCommand.self, RulesWindowCommand.self, RulesListCommand.self, RulesProfileCommand.self,
    ])
}

extension Language: ExpressibleByArgument {}

/// Days and lists as options write them, with errors that say how to write them right.
enum RulesOption {
  /// Years that leave room to count birthdays on both sides.
  static let years = 1868...9899

  static func day(_ option: String, _ text: String) throws -> CalendarDay {
    guard let day = CalendarDay(text) else {
      throw UserError(
        "'\(text)' is not a day", at: option, fix: "write a day that exists as YYYY-MM-DD, such as 2026-06-01")
    }
    guard years.contains(day.year) else {
      throw UserError(
        "the year \(day.year) is out of range", at: option,
        fix: "give a day from \(years.lowerBound)-01-01 to \(years.upperBound)-12-31")
    }
    return day
  }

  static func day(_ option: String, _ text: String?) throws -> CalendarDay? {
    try text.map { try day(option, $0) }
  }

  static func certificates(_ option: String, _ lists: [String]) throws -> Set<CertificateKind> {
    var kinds: Set<CertificateKind> = []
    for word in lists.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      guard let kind = CertificateKind(rawValue: String(word)) else {
        throw UserError("'\(word)' is not a certificate", at: option, fix: "name auth, sign, or both as auth,sign")
      }
      kinds.insert(kind)
    }
    return kinds
  }
}
