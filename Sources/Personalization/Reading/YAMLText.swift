import Yams

/// YAML from outside: composed only when it holds no anchors (`&name`) and no aliases (`*name`).
///
/// A few lines of aliases of aliases stand for more nodes than any machine can visit, and already the search for keys that
/// stand twice visits them all. No form of this product needs them.
package enum YAMLText {
  /// An anchor or an alias.
  package struct Reference: Error {
    /// `&name` or `*name`, as it stands there.
    package let text: String
    /// Counted from 1.
    package let line: Int
    /// Counted from 1.
    package let column: Int

    /// What to do.
    package var fix: String {
      "write the value out where it is meant; a text that begins with & or * stands in quotes"
    }
  }

  /// The document's root; `nil` for an empty one.
  /// - Throws: `Reference` or `YamlError`.
  package static func compose(_ text: String) throws -> Node? {
    if text.unicodeScalars.contains(where: isReference) { try refuseReferences(text) }
    return try Yams.compose(yaml: text)
  }

  private static func isReference(_ scalar: Unicode.Scalar) -> Bool { scalar == "&" || scalar == "*" }

  /// Puts a mark in the place of every & and *: where one began an anchor or an alias, a plain text begins with the mark now;
  /// where it stood in a text, it still does. Nothing else of the document changes before the first of them, and a document
  /// without them is small.
  private static func refuseReferences(_ text: String) throws {
    let present = Set(text.unicodeScalars)
    // Characters of private use.
    guard let mark = (0xE000...0xE0FF).lazy.compactMap(Unicode.Scalar.init).first(where: { !present.contains($0) })
    else { return try refuseFirst(in: text, upTo: Int.max) }
    var marked = String.UnicodeScalarView()
    marked.append(contentsOf: text.unicodeScalars.lazy.map { isReference($0) ? mark : $0 })
    do {
      guard let root = try Yams.compose(yaml: String(marked)) else { return }
      try refuse(root, mark, text)
    } catch let error as YamlError {
      try refuseFirst(in: text, upTo: line(of: error) ?? Int.max)
      // Some & or * broke the document as such; it must not be composed with them.
      throw error
    }
  }

  private static func refuse(_ node: Node, _ mark: Unicode.Scalar, _ text: String) throws {
    switch node {
    case .scalar(let scalar):
      guard scalar.style == .plain, scalar.string.unicodeScalars.first == mark else { return }
      let (line, column) = (scalar.mark?.line ?? 1, scalar.mark?.column ?? 1)
      throw Reference(text: name(in: text, line: line, column: column), line: line, column: column)
    case .mapping(let mapping):
      for (key, value) in mapping {
        try refuse(key, mark, text)
        try refuse(value, mark, text)
      }
    case .sequence(let sequence):
      for node in sequence { try refuse(node, mark, text) }
    case .alias:
      throw Reference(text: "*", line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
  }

  /// The first word of the text that looks like an anchor or an alias, down to a line.
  private static func refuseFirst(in text: String, upTo last: Int) throws {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().prefix(last) {
      let scalars = Array(line.unicodeScalars)
      for (index, scalar) in scalars.enumerated() where isReference(scalar) {
        let before = index == 0 ? " " : scalars[index - 1]
        guard " \t[{,".unicodeScalars.contains(before), index + 1 < scalars.count, isNamed(scalars[index + 1]) else {
          continue
        }
        throw Reference(
          text: name(in: text, line: number + 1, column: index + 1), line: number + 1, column: index + 1)
      }
    }
  }

  private static func isNamed(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      || scalar == "_" || scalar == "-"
  }

  /// The anchor or alias at a place.
  private static func name(in text: String, line: Int, column: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return "&" }
    let rest = lines[line - 1].unicodeScalars.dropFirst(column - 1)
    let name = rest.dropFirst().prefix(while: isNamed).prefix(32)
    return rest.first.map { String($0) + String(String.UnicodeScalarView(name)) } ?? "&"
  }

  private static func line(of error: YamlError) -> Int? {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    case .duplicatedKeysInMapping: nil
    default: nil
    }
  }
}
