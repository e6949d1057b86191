import Yams

/// A mapping of a YAML document, read key by key. Faults gather; a key that nobody asked for is one.
package final class YAMLMap {
  private let file: String
  /// Where the mapping begins.
  package let position: ResidentFault.Position?
  fileprivate let entries: [(key: String, keyNode: Node, value: Node)]
  private var asked: Set<String> = []
  private let faults: Faults

  /// The faults of one document.
  package final class Faults {
    package var list: [ResidentFault] = []

    package init() {}
  }

  private init(file: String, node: Node, mapping: Node.Mapping, faults: Faults) {
    self.file = file
    self.faults = faults
    position = Self.position(of: node)
    entries = mapping.map { ($0.key.string ?? "", $0.key, $0.value) }
  }

  /// Reads a document whose top is a mapping.
  /// - Throws: one fault when the text is no YAML or its top is no mapping.
  /// - Parameter example: where an example of such a document stands.
  package static func parse(
    _ text: String, file: String, faults: Faults, example: String = "Docs/Residents.md"
  ) throws(ResidentFault) -> YAMLMap {
    let node: Node?
    do {
      node = try YAMLText.compose(text)
    } catch let reference as YAMLText.Reference {
      throw ResidentFault(
        "'\(reference.text)' is an anchor or an alias of YAML, and none is read here", file: file,
        at: .init(line: reference.line, column: reference.column), fix: reference.fix)
    } catch let error as YamlError {
      throw fault(of: error, in: text, file: file)
    } catch {
      throw ResidentFault("the file is not YAML", file: file, fix: "see \(example) for an example")
    }
    guard let node, case .mapping(let mapping) = node else {
      throw ResidentFault(
        "the file holds no resident", file: file, at: .init(line: 1, column: 1),
        fix: "see \(example) for an example")
    }
    return YAMLMap(file: file, node: node, mapping: mapping, faults: faults)
  }

  private static func fault(of error: YamlError, in text: String, file: String) -> ResidentFault {
    switch error {
    case .duplicatedKeysInMapping(let keys, let context):
      ResidentFault(
        "'\(keys.sorted().first ?? "")' stands here twice", file: file,
        at: secondPlace(of: keys.sorted().first ?? "", in: text, from: context.mark.line)
          ?? .init(line: context.mark.line, column: context.mark.column), fix: "remove one of the two")
    case .composer(_, "but found another document", let mark, _):
      ResidentFault(
        "a second document begins here, and only one is read", file: file,
        at: .init(line: mark.line, column: mark.column),
        fix: "remove the line '---', or give each document its own file")
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ResidentFault(
        "the file is not YAML: \(problem)", file: file, at: .init(line: mark.line, column: mark.column),
        fix: "check indentation, colons and quotation marks there")
    default:
      ResidentFault("the file is not YAML", file: file, fix: "save it as UTF-8; see Docs/Residents.md for an example")
    }
  }

  /// Where a key stands for the second time, from the line on which its mapping begins.
  private static func secondPlace(of key: String, in text: String, from line: Int) -> ResidentFault.Position? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().dropFirst(max(0, line - 1))
    let places = lines.compactMap { number, text -> ResidentFault.Position? in
      let indent = text.prefix { $0 == " " }
      guard text.dropFirst(indent.count).hasPrefix(key + ":") else { return nil }
      return .init(line: number + 1, column: indent.count + 1)
    }
    return places.count > 1 ? places[1] : nil
  }

  private static func position(of node: Node) -> ResidentFault.Position? {
    node.mark.map { .init(line: $0.line, column: $0.column) }
  }

  private func value(_ key: String) -> Node? {
    asked.insert(key)
    return entries.first { $0.key == key }?.value
  }

  /// Whether a key is there. One that is looked for means something.
  package func has(_ key: String) -> Bool {
    asked.insert(key)
    return entries.contains { $0.key == key }
  }

  /// Notes a fault at the value of `key`, or at the mapping where there is none.
  package func complain(_ problem: String, at key: String? = nil, fix: String) {
    let place = key.flatMap { key in entries.first { $0.key == key }?.value }.flatMap(Self.position) ?? position
    faults.list.append(ResidentFault(problem, file: file, at: place, fix: fix))
  }

  /// The mapping under a key.
  package func map(_ key: String) -> YAMLMap? {
    guard let node = value(key) else { return nil }
    guard case .mapping(let mapping) = node else {
      complain("'\(key)' should have lines of its own under it", at: key, fix: "indent its keys under '\(key):'")
      return nil
    }
    return YAMLMap(file: file, node: node, mapping: mapping, faults: faults)
  }

  /// One entry of a list.
  package struct Item {
    /// The text, when it is one value.
    package let text: String?
    /// The mapping, when it is one.
    package let map: YAMLMap?
    /// Where it stands.
    package let position: ResidentFault.Position?
  }

  /// The entries of the list under a key; one value or mapping counts as a list of one.
  package func items(_ key: String) -> [Item] {
    guard let node = value(key) else { return [] }
    let nodes: [Node] = if case .sequence(let sequence) = node { Array(sequence) } else { [node] }
    return nodes.compactMap { node in
      switch node {
      case .scalar(let scalar): return Item(text: scalar.string, map: nil, position: Self.position(of: node))
      case .mapping(let mapping):
        let map = YAMLMap(file: file, node: node, mapping: mapping, faults: faults)
        return Item(text: nil, map: map, position: map.position)
      default:
        complain(
          "a list in a list means nothing under '\(key)'", at: key, fix: "write one value or mapping behind each dash")
        return nil
      }
    }
  }

  /// The texts of the list under a key.
  package func texts(_ key: String) -> [(text: String, position: ResidentFault.Position?)] {
    items(key).compactMap { item in
      guard let text = item.text else {
        complain("'\(key)' takes words only", at: item.position, fix: "write one word behind each dash")
        return nil
      }
      return (text, item.position)
    }
  }

  /// Notes a fault at a place.
  package func complain(_ problem: String, at place: ResidentFault.Position?, fix: String) {
    faults.list.append(ResidentFault(problem, file: file, at: place ?? position, fix: fix))
  }

  /// Where the value of a key stands, or the mapping where there is none.
  package func place(_ key: String) -> ResidentFault.Position? {
    entries.first { $0.key == key }?.value.mark.map { .init(line: $0.line, column: $0.column) } ?? position
  }

  /// The mapping under a key, or the word that stands there instead, such as `none`.
  package func mapOrWord(_ key: String, words: [String]) -> (map: YAMLMap?, word: String?) {
    guard let node = value(key) else { return (nil, nil) }
    guard case .scalar(let scalar) = node else { return (map(key), nil) }
    guard words.contains(scalar.string) else {
      complain(
        "'\(key)' cannot be '\(scalar.string)'", at: key,
        fix: "write \(words.joined(separator: " or ")), or its keys under it")
      return (nil, nil)
    }
    return (nil, scalar.string)
  }

  /// The text under a key.
  package func text(_ key: String) -> String? {
    guard let node = value(key) else { return nil }
    guard case .scalar(let scalar) = node else {
      complain("'\(key)' should be one value", at: key, fix: "write it behind '\(key):' on the same line")
      return nil
    }
    return scalar.string
  }

  /// The text under a key that must be there.
  package func requiredText(_ key: String, fix: String) -> String? {
    if !has(key) {
      asked.insert(key)
      complain("'\(key)' is missing", fix: fix)
      return nil
    }
    guard let node = value(key), case .scalar(let scalar) = node else { return text(key) }
    // YAML's words for nothing are no text, unless they stand in quotation marks.
    let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    guard !isNull, !scalar.string.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
      complain("'\(key)' is empty", at: key, fix: fix)
      return nil
    }
    return scalar.string
  }

  /// One of a set of words.
  package func word<Word: RawRepresentable & CaseIterable>(_ key: String, as type: Word.Type = Word.self) -> Word?
  where Word.RawValue == String {
    guard let text = text(key) else { return nil }
    guard let word = Word(rawValue: text) else {
      complain(
        "'\(key)' cannot be '\(text)'", at: key,
        fix: "use one of: " + Word.allCases.map(\.rawValue).joined(separator: ", "))
      return nil
    }
    return word
  }

  /// A whole number.
  package func number(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(key) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      complain(
        "'\(key)' cannot be '\(text)'", at: key, fix: "use a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// true or false.
  package func flag(_ key: String) -> Bool? {
    guard let text = text(key) else { return nil }
    guard let flag = Bool(text) else {
      complain("'\(key)' cannot be '\(text)'", at: key, fix: "use true or false")
      return nil
    }
    return flag
  }

  /// Every key, for mappings whose keys are the writer's own.
  package var keys: [String] {
    asked.formUnion(entries.map(\.key))
    return entries.map(\.key)
  }

  /// Notes every key that nobody has asked for: a typing mistake must not pass for a wish granted. And every key that stands twice.
  package func finish() {
    var seen: Set<String> = []
    for entry in entries {
      let place = Self.position(of: entry.keyNode)
      if !seen.insert(entry.key).inserted {
        faults.list.append(
          ResidentFault("'\(entry.key)' stands here twice", file: file, at: place, fix: "remove one of the two"))
      }
      guard !asked.contains(entry.key) else { continue }
      let near = nearest(to: entry.key)
      // One mistake, one fault: what is missing is there, misspelt.
      if let near, !entries.contains(where: { $0.key == near }) {
        faults.list.removeAll { $0.position == position && $0.problem == "'\(near)' is missing" }
      }
      var fault = ResidentFault(
        "'\(entry.key)' means nothing here", file: file, at: place,
        fix: near.map { "did you mean '\($0)'?" }
          ?? "use one of: " + asked.sorted().joined(separator: ", "))
      fault.isAboutKey = true
      faults.list.append(fault)
    }
  }

  private func nearest(to key: String) -> String? {
    let best = asked.map { (word: $0, distance: Self.distance($0, key)) }.min { $0.distance < $1.distance }
    return best.flatMap { $0.distance <= 2 ? $0.word : nil }
  }

  /// Levenshtein's distance.
  private static func distance(_ a: String, _ b: String) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = x == y ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}

extension YAMLMap {
  /// Whether one value, not a mapping or list, stands under a key.
  package func isText(_ key: String) -> Bool {
    if case .scalar? = entries.first(where: { $0.key == key })?.value { return true }
    return false
  }
}
