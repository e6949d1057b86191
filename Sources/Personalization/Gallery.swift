import CardRules
import Foundation

/// The cards that come with the product: resident files in `CardImages/`.
public struct Gallery: Sendable {
  /// The folder of the resident files.
  public let folder: URL

  /// A gallery.
  public init(folder: URL) { self.folder = folder }

  /// The names of the cards, sorted.
  public var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(Self.ending) }.map { String($0.dropLast(Self.ending.count)) }.sorted()
  }

  private static let ending = ".yaml"

  /// The resident file of a card; `nil` when the gallery has none of this name.
  public func file(of name: String) -> URL? {
    guard names.contains(name) else { return nil }
    return folder.appendingPathComponent(name + Self.ending)
  }
}
