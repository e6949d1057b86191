/// The words of one line, with the columns in which they begin.
struct StoryWords {
  struct Word: Equatable {
    var text: String
    var column: Int
    var isQuoted = false
  }

  let line: Int
  private(set) var words: [Word] = []
  private var position = 0
  /// The column behind the last word, for what is missing.
  private(set) var end = 1

  /// Splits a line: words between spaces, text between quotation marks, a remark after `#`.
  init(_ text: some StringProtocol, line: Int) throws(StoryFault) {
    self.line = line
    var current: Word?
    var isInQuotes = false
    var column = 0
    for character in text {
      column += 1
      if isInQuotes {
        if character == "\"" {
          isInQuotes = false
          if let word = current { words.append(word) }
          current = nil
        } else {
          current?.text.append(character)
        }
        continue
      }
      if character == "#" { break }
      if character == "\"" && current == nil {
        isInQuotes = true
        current = Word(text: "", column: column, isQuoted: true)
      } else if character.isWhitespace {
        if let word = current { words.append(word) }
        current = nil
      } else if current == nil {
        current = Word(text: String(character), column: column)
      } else {
        current?.text.append(character)
      }
    }
    if isInQuotes {
      throw StoryFault(
        "a quotation mark has no end", line: line, column: current?.column ?? column, fix: "close it with \"")
    }
    if let word = current { words.append(word) }
    if let last = words.last { end = last.column + last.text.count + (last.isQuoted ? 2 : 0) }
  }

  var isEmpty: Bool { position >= words.count }
  /// The next word, not taken.
  var next: Word? { isEmpty ? nil : words[position] }

  mutating func take() -> Word? {
    guard let word = next else { return nil }
    position += 1
    return word
  }

  /// Takes the next word when it is this one.
  mutating func take(_ text: String) -> Bool {
    guard let word = next, !word.isQuoted, word.text == text else { return false }
    position += 1
    return true
  }

  /// Takes all that is left.
  mutating func takeRest() -> [Word] {
    defer { position = words.count }
    return Array(words[position...])
  }

  /// Takes a word that must be there.
  mutating func need(_ what: String, _ example: String) throws(StoryFault) -> Word {
    guard let word = take() else {
      throw StoryFault("\(what) is missing", line: line, column: end, fix: "write: \(example)")
    }
    return word
  }

  /// Nothing may be left.
  mutating func finish(_ example: String) throws(StoryFault) {
    guard let word = take() else { return }
    throw StoryFault("'\(word.text)' is too much", line: line, column: word.column, fix: "write: \(example)")
  }

  func fault(_ problem: String, at word: Word, fix: String) -> StoryFault {
    StoryFault(problem, line: line, column: word.column, fix: fix)
  }
}
