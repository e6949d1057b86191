import CardModel
import Foundation
import Testing

/// `Docs/CardModel.md` of this repository.
enum TheModel {
  static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Docs/CardModel.md")

  static let shared = Result { ModelDocument(try String(contentsOf: path, encoding: .utf8)) }
}

extension ModelRow: CustomTestStringConvertible {
  /// As a failure names it.
  public var testDescription: String { description }
}
