/// A systemd unit and its drop-ins, as far as they decide what the service sees (systemd.exec(5)).
struct ServiceUnit: Equatable {
  /// The unit's file.
  let file: String
  private(set) var settings: [String: [String]] = [:]

  static let folders = [
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
    "/lib/systemd/system",
  ]

  /// - Returns: `nil` where there is no systemd, or no such unit.
  static func find(_ name: String) -> ServiceUnit? {
    guard SmallFile.exists("/run/systemd/system") else { return nil }
    guard let folder = folders.first(where: { SmallFile.exists("\($0)/\(name)") }) else { return nil }
    var unit = ServiceUnit(file: "\(folder)/\(name)")
    unit.read(SmallFile.text(unit.file) ?? "")
    var dropIns: [String: String] = [:]
    for folder in folders.reversed() {
      for file in SmallFile.names(in: "\(folder)/\(name).d") where file.hasSuffix(".conf") {
        dropIns[file] = "\(folder)/\(name).d/\(file)"
      }
    }
    for file in dropIns.sorted(by: { $0.key < $1.key }) { unit.read(SmallFile.text(file.value) ?? "") }
    return unit
  }

  init(file: String, text: String = "") {
    self.file = file
    read(text)
  }

  /// The `[Service]` section; an empty value takes back what was said before.
  private mutating func read(_ text: String) {
    var isService = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("[") { isService = line.hasPrefix("[Service]") }
      guard isService, !line.hasPrefix("#"), !line.hasPrefix(";"), let equals = line.firstIndex(of: "=") else {
        continue
      }
      let key = String(line[..<equals].filter { $0 != " " })
      let value = line[line.index(after: equals)...].drop { $0 == " " }
      settings[key] = value.isEmpty ? [] : (settings[key] ?? []) + [String(value)]
    }
  }

  /// The last value of a setting.
  func value(_ key: String) -> String? { settings[key]?.last }

  private func isOn(_ key: String) -> Bool {
    ["yes", "true", "on", "1", "disconnected"].contains(value(key)?.lowercased() ?? "")
  }

  /// Whether a capability is taken from it.
  var hasNoCapabilities: Bool { settings["CapabilityBoundingSet"] == [] }

  /// The setting that hides `path` from the service; `nil` when it is seen.
  func hides(_ path: String) -> String? {
    func isBelow(_ folder: String) -> Bool { path == folder || path.hasPrefix(folder + "/") }
    let home = value("ProtectHome")?.lowercased() ?? ""
    if isOn("ProtectHome") || home == "tmpfs", ["/home", "/root", "/run/user"].contains(where: isBelow) {
      return "ProtectHome=\(home)"
    }
    if isOn("PrivateTmp"), ["/tmp", "/var/tmp"].contains(where: isBelow) {
      return "PrivateTmp=\(value("PrivateTmp") ?? "yes")"
    }
    for key in ["InaccessiblePaths", "TemporaryFileSystem"] {
      for value in (settings[key] ?? []).flatMap({ $0.split(separator: " ") }) {
        let folder = value.drop { $0 == "-" || $0 == "+" }.prefix { $0 != ":" }
        if !folder.isEmpty, isBelow(String(folder)) { return "\(key)=\(value)" }
      }
    }
    if let families = settings["RestrictAddressFamilies"]?.joined(separator: " "), !families.isEmpty {
      let denies = families.hasPrefix("~")
      if families.contains("AF_UNIX") == denies || families == "none" { return "RestrictAddressFamilies=\(families)" }
    }
    return nil
  }
}
