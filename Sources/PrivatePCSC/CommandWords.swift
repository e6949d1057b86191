import Glibc

/// A program and its arguments as the bytes that they are: a file name need not be UTF-8.
public struct CommandWords: Sendable, Equatable {
  /// NUL-ended words, the program first.
  let words: [[CChar]]

  /// A command of text.
  public init(_ words: [String]) {
    self.words = words.map { Array($0.utf8CString) }
  }

  /// The last `count` words with which this process itself was started, untouched.
  public init(lastOfThisProcess count: Int) {
    let all = Int(CommandLine.argc)
    words = (max(0, all - count)..<all).compactMap { index in
      guard let word = CommandLine.unsafeArgv[index] else { return nil }
      return Array(UnsafeBufferPointer(start: word, count: strlen(word) + 1))
    }
  }

  /// The program's name as text, for messages.
  public var name: String {
    guard let first = words.first else { return "" }
    return String(decoding: first.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Calls `body` with an array as `execv` wants it.
  func withArguments<Result>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
    let arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
    for (index, word) in words.enumerated() { (arguments + index).initialize(to: strdup(word)) }
    (arguments + words.count).initialize(to: nil)
    defer {
      for index in words.indices { free(arguments[index]) }
      arguments.deallocate()
    }
    return body(arguments)
  }
}
