/// One reader of pcscd's `reader.conf.d`.
struct ReaderEntry: Equatable {
  var name = ""
  var device = ""
  var library = ""
  /// The file and line of the library, or of the entry's first line.
  var place = ""
  /// The file that it stands in.
  var file = ""

  /// Whether it is a reader of vmyna.
  var isOurs: Bool { device.hasPrefix("vmyna:") || library.hasSuffix("/libifdvmyna.so") }

  /// The card service's socket: `vmyna:SLOT:SOCKET`.
  var serviceSocket: String? {
    let parts = device.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "vmyna" && parts[2].hasPrefix("/") ? String(parts[2]) : nil
  }

  /// The entries of every file in the folder, as pcscd reads them.
  static func all(in folder: String) -> [ReaderEntry] {
    SmallFile.names(in: folder).flatMap { name -> [ReaderEntry] in
      let path = "\(folder)/\(name)"
      return parse(SmallFile.text(path) ?? "", file: path)
    }
  }

  /// `KEY value` lines, values in quotes or not; FRIENDLYNAME begins an entry.
  static func parse(_ text: String, file: String) -> [ReaderEntry] {
    var entries: [ReaderEntry] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let plain = line.prefix { $0 != "#" }
      let words = plain.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
      guard words.count == 2 else { continue }
      var value = words[1].drop { $0 == " " || $0 == "\t" }
      while let last = value.last, last == " " || last == "\t" { value.removeLast() }
      if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 { value = value.dropFirst().dropLast() }
      let place = "\(file):\(index + 1)"
      if words[0] == "FRIENDLYNAME" || entries.isEmpty { entries.append(ReaderEntry(place: place, file: file)) }
      let last = entries.count - 1
      switch words[0] {
      case "FRIENDLYNAME": entries[last].name = String(value)
      case "DEVICENAME": entries[last].device = String(value)
      case "LIBPATH":
        entries[last].library = String(value)
        entries[last].place = place
      default: break
      }
    }
    return entries
  }
}
