import CardRules
import Foundation
import Personalization
import Yams

/// `--profile`: a built-in name or a YAML file of settings.
///
/// A file is a mapping: `name` (any), `base` (a built-in profile, `national` when left out), and settings of
/// `ProfileSetting`.
enum ProfileArgument {
  /// More than any profile needs; larger files are not read.
  static let largestFile = 64 * 1024

  static func load(_ argument: String) throws -> MunicipalityProfile {
    if let builtIn = MunicipalityProfile.builtIn.first(where: { $0.name == argument }) { return builtIn }
    let names = MunicipalityProfile.builtIn.map(\.name).joined(separator: ", ")
    guard FileManager.default.fileExists(atPath: argument) else {
      throw UserError(
        "no profile and no file is called '\(argument)'", at: "--profile",
        fix: "give one of \(names), or the path of a YAML file")
    }
    let data: Data
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: argument))
      // Nothing at the end of an empty file is no failure.
      data = try handle.read(upToCount: largestFile + 1) ?? Data()
    } catch {
      throw UserError("the profile cannot be read", at: argument, fix: "give a readable YAML file")
    }
    guard data.count <= largestFile, let text = String(data: data, encoding: .utf8) else {
      throw UserError(
        "the profile is no UTF-8 text of at most \(largestFile) bytes", at: argument, fix: "give a YAML file")
    }
    return try parse(text, file: argument)
  }

  static func parse(_ text: String, file: String) throws -> MunicipalityProfile {
    let entries = try entries(of: text, file: file)
    let fallbackName = file.split(separator: "/").last.map(String.init) ?? file
    var profile = MunicipalityProfile.national
    if let base = entries.first(where: { $0.key == "base" }) {
      guard let builtIn = MunicipalityProfile.builtIn.first(where: { $0.name == base.value }) else {
        let names = MunicipalityProfile.builtIn.map(\.name).joined(separator: ", ")
        throw UserError(
          "'\(base.value)' is not a profile", at: base.valuePlace, fix: "write base: with one of \(names)")
      }
      profile = builtIn
    }
    profile.name = fallbackName
    for entry in entries where entry.key != "base" {
      if entry.key == "name" {
        profile.name = entry.value
        continue
      }
      guard let setting = ProfileSetting.named(entry.key) else {
        let keys = (["name", "base"] + ProfileSetting.all.map(\.key)).joined(separator: ", ")
        throw UserError("'\(entry.key)' is not a setting", at: entry.keyPlace, fix: "use one of \(keys)")
      }
      guard setting.apply(entry.value, &profile) else {
        throw UserError(
          "'\(entry.value)' is no value of \(entry.key)", at: entry.valuePlace, fix: "write one of: \(setting.allowed)")
      }
    }
    return profile
  }

  private struct Entry {
    let key: String
    let value: String
    let keyPlace: String
    let valuePlace: String
  }

  private static func entries(of text: String, file: String) throws -> [Entry] {
    let form = "write one 'setting: value' a line; 'vmyna rules profile' shows the settings"
    let root: Node?
    do {
      root = try YAMLText.compose(text)
    } catch let reference as YAMLText.Reference {
      throw UserError(
        "'\(reference.text)' is an anchor or an alias of YAML, and none is read here",
        at: "\(file):\(reference.line):\(reference.column)", fix: reference.fix)
    } catch let error as YamlError {
      let (what, place) = Self.describe(error, text: text, file: file)
      throw UserError(what, at: place, fix: form)
    }
    guard let root else { throw UserError("the profile is empty", at: file, fix: form) }
    guard case .mapping(let mapping) = root else {
      throw UserError("the profile is no list of settings", at: place(root, file), fix: form)
    }
    var seen: Set<String> = []
    return try mapping.map { key, value in
      guard case .scalar(let keyScalar) = key, case .scalar(let valueScalar) = value else {
        throw UserError("a setting has one plain value", at: place(value, file), fix: form)
      }
      guard seen.insert(keyScalar.string).inserted else {
        throw UserError("'\(keyScalar.string)' is set twice", at: place(key, file), fix: "keep one of the two lines")
      }
      return Entry(
        key: keyScalar.string, value: valueScalar.string, keyPlace: place(key, file), valuePlace: place(value, file))
    }
  }

  private static func place(_ node: Node, _ file: String) -> String {
    node.mark.map { "\(file):\($0.line):\($0.column)" } ?? file
  }

  private static func describe(_ error: YamlError, text: String, file: String) -> (String, String) {
    switch error {
    case .composer(_, "but found another document", let mark, _):
      return ("a second document begins here, and only one is read", "\(file):\(mark.line):\(mark.column)")
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return (problem, "\(file):\(mark.line):\(mark.column)")
    case .duplicatedKeysInMapping(let keys, _):
      // The parser names the mapping, not the line of the second key.
      let key = keys.first ?? ""
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      let again = lines.filter { $0.element.hasPrefix(key + ":") }.dropFirst().first.map { ":\($0.offset + 1)" }
      return ("'\(key)' is set twice", file + (again ?? ""))
    default: return ("the profile is no YAML", file)
    }
  }
}
