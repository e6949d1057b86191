import Cryptography

/// The registry as JSON: one certificate on one line, so that a person can read it and a difference is short.
extension Registry {
  /// The format that this release writes; the only one so far.
  static let format = "vmyna registry 1"

  /// The file's text.
  public var json: String {
    let lines = entries.map { "    " + Self.object($0.fields) }
    return """
      {
        "format": \(Self.quoted(Self.format)),
        "listDelay": \(Self.quoted(listDelay.rawValue)),
        "certificates": [\(lines.isEmpty ? "" : "\n" + lines.joined(separator: ",\n") + "\n  ")]
      }

      """
  }

  /// Reads such a text; `path` is for the errors only.
  public init(json: [UInt8], path: String) throws(AuthorityError) {
    do throws(PlacedJSON.Fault) {
      self = try Self.read(PlacedJSON(json))
    } catch {
      throw AuthorityError(
        "the registry is damaged: \(error.problem), \(path) line \(error.line)",
        fix: "correct that line, or put the file aside and mint the cards again")
    }
  }

  private static func read(_ root: PlacedJSON) throws(PlacedJSON.Fault) -> Registry {
    var fields = try Fields(root, of: "the registry")
    let format = try fields.text("format")
    guard format.value == Self.format else {
      throw PlacedJSON.Fault(line: format.line, problem: "\"format\" is not \"\(Self.format)\"")
    }
    var registry = Registry(listDelay: try fields.choice("listDelay"))
    var entries: [Entry] = []
    var seen: Set<[String]> = []
    for (index, item) in try fields.list("certificates").enumerated() {
      let entry = try Entry(reading: item, name: "certificates[\(index)]")
      guard seen.insert([entry.authority.rawValue, entry.hierarchy.rawValue, entry.serial]).inserted else {
        throw PlacedJSON.Fault(line: item.line, problem: "certificate \(entry.serial) stands twice")
      }
      entries.append(entry)
    }
    try fields.end()
    registry.fill(entries)
    return registry
  }

  /// A JSON object on one line.
  static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
  }

  /// A JSON text.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case ..<" ": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension Registry.Entry {
  /// Names and JSON values, in the order of the file.
  var fields: [(String, String)] {
    let facts: [(String, String)] = [
      ("authority", Registry.quoted(authority.rawValue)), ("kind", Registry.quoted(hierarchy.rawValue)),
      ("serial", Registry.quoted(serial)), ("generation", String(generation)),
      ("municipality", Registry.quoted(municipality.code)), ("prefecture", Registry.quoted(municipality.prefecture)),
      ("place", Registry.quoted(municipality.name)), ("notBefore", Registry.quoted(notBefore.description)),
      ("notAfter", Registry.quoted(notAfter.description)),
    ]
    let state: [(String, String)] =
      switch state {
      case .good: [("state", "\"good\"")]
      case .revoked(let reason, _): [("state", "\"revoked\""), ("reason", Registry.quoted(reason.name))]
      case .hold: [("state", "\"hold\"")]
      case .superseded(let successor, _):
        [("state", "\"superseded\"")] + (successor.map { [("by", Registry.quoted($0))] } ?? [])
      }
    return facts + state + (self.state.since.map { [("since", Registry.quoted($0.description))] } ?? [])
  }

  init(reading item: PlacedJSON, name: String) throws(PlacedJSON.Fault) {
    var fields = try Fields(item, of: name)
    authority = try fields.choice("authority")
    hierarchy = try fields.choice("kind")
    let serial = try fields.text("serial")
    guard let normal = SerialNumber.normal(hex: serial.value), normal == serial.value else {
      throw PlacedJSON.Fault(line: serial.line, problem: "\(name).serial is not a serial number in upper-case hex")
    }
    self.serial = normal
    generation = try fields.number("generation", in: 1...RootGeneration.last)
    let (code, prefecture, place) = (
      try fields.text("municipality"), try fields.text("prefecture"), try fields.text("place")
    )
    do throws(AuthorityError) {
      municipality = try Municipality(code: code.value, prefecture: prefecture.value, name: place.value)
    } catch { throw PlacedJSON.Fault(line: code.line, problem: "\(name): \(error.problem)") }
    notBefore = try fields.instant("notBefore")
    notAfter = try fields.instant("notAfter")
    guard notBefore <= notAfter else {
      throw PlacedJSON.Fault(line: item.line, problem: "\(name).notAfter is before its notBefore")
    }
    let state = try fields.text("state")
    switch state.value {
    case "good": self.state = .good
    case "revoked": self.state = .revoked(try fields.reason("reason"), at: try fields.instant("since"))
    case "hold": self.state = .hold(at: try fields.instant("since"))
    case "superseded": self.state = .superseded(by: try fields.optionalText("by"), at: try fields.instant("since"))
    default:
      throw PlacedJSON.Fault(
        line: state.line, problem: "\(name).state \"\(state.value)\" is not good, revoked, hold or superseded")
    }
    try fields.end()
  }
}

/// Serial numbers as people write them.
public enum SerialNumber {
  /// Upper-case hex with two digits a byte and no leading zero byte; `nil` when the text is no hex number. Colons, spaces
  /// and a leading 0x are taken.
  public static func normal(hex text: String) -> String? {
    var digits = text.filter { $0 != ":" && $0 != " " }.uppercased()
    if digits.hasPrefix("0X") { digits.removeFirst(2) }
    guard digits.utf8.count <= 42, !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      return nil
    }
    digits = String(digits.drop { $0 == "0" })
    guard !digits.isEmpty else { return nil }
    return digits.utf8.count % 2 == 0 ? digits : "0" + digits
  }

  /// The magnitude's bytes of such a text.
  static func bytes(_ normal: String) -> [UInt8] {
    let digits = normal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
