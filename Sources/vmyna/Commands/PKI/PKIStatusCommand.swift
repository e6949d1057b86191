import ArgumentParser
import Authority

/// `vmyna pki status`: what the registry says.
struct PKIStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "What the registry says of one certificate, or of all.")

  @Argument(help: "The serial number in hex (default: all certificates).")
  var serial: String?
  @Option(help: "sign or auth, when both have that number.")
  var kind: Hierarchy?
  @Flag(help: "One JSON object a line.")
  var json = false
  @OptionGroup var options: PKIOptions

  func run() throws {
    let (store, name, now) = (try options.store(), try options.name(), try options.now())
    let registry = try options.book()
    let entries =
      if let serial { [try PKISerial.find(serial, kind, name, in: registry)] } else {
        registry.entries.filter { $0.authority == name && kind ?? $0.hierarchy == $0.hierarchy }
      }
    for entry in entries { print(json ? PKIReport.json(entry, at: now).text : PKIReport.text(entry, at: now)) }
    if entries.isEmpty, !json { print("no certificates in \(store.path)") }
  }
}

/// How an entry is shown.
enum PKIReport {
  static func text(_ entry: Registry.Entry, at now: Instant) -> String {
    let end = "\(entry.notBefore) to \(entry.notAfter)"
    let place = "\(entry.municipality.code) \(entry.municipality.name)"
    return "\(entry.serial)  \(entry.hierarchy.rawValue)  \(state(entry, at: now))  \(end)  \(place)"
  }

  static func state(_ entry: Registry.Entry, at now: Instant) -> String {
    let standing = entry.standing(at: now)
    switch standing {
    case .good, .notYetValid, .expired: return standing.rawValue
    case .revoked, .hold, .superseded:
      let since = entry.state.since.map { " since \($0)" } ?? ""
      let reason = entry.state.reason.map { " (\($0.name): \($0.meaning))" } ?? ""
      return standing.rawValue + since + reason
    }
  }

  static func json(_ entry: Registry.Entry, at now: Instant) -> OrderedJSON {
    var successor: String?
    if case .superseded(let by, _) = entry.state { successor = by }
    let standing = entry.standing(at: now)
    let told = [.revoked, .hold, .superseded].contains(standing)
    func text(_ value: String?) -> OrderedJSON { value.map(OrderedJSON.string) ?? .null }
    return .object([
      ("serial", .string(entry.serial)), ("kind", .string(entry.hierarchy.rawValue)),
      ("status", .string(standing.rawValue)), ("reason", text(told ? entry.state.reason?.name : nil)),
      ("since", text(told ? entry.state.since?.description : nil)), ("supersededBy", text(told ? successor : nil)),
      ("notBefore", .string(entry.notBefore.description)), ("notAfter", .string(entry.notAfter.description)),
      ("municipality", .string(entry.municipality.code)), ("generation", .int(entry.generation)),
      ("authority", .string(entry.authority.rawValue)),
    ])
  }
}
