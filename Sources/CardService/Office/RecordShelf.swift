import CardHost
import Foundation
import Personalization

/// Where the office keeps the records of one card: beside the card's journal, or with the card itself when its state is in
/// memory only.
struct RecordShelf {
  private let papers: CardPapers
  private let folder: URL?

  /// The number of the record of the image, which is not on the shelf.
  static let ofImage = 0

  init(of card: CardHost) {
    papers = card.papers
    folder = card.stateFolder?.appendingPathComponent("office")
  }

  // MARK: Papers

  private static let suffix = ".json"
  private static func name(_ version: Int) -> String { "\(version)\(suffix)" }

  private func read(_ name: String) -> Data? {
    guard let folder else { return papers[name] }
    return try? Data(contentsOf: folder.appendingPathComponent(name))
  }

  private func write(_ data: Data, _ name: String) throws {
    guard let folder else {
      papers[name] = data
      return
    }
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try data.write(to: folder.appendingPathComponent(name), options: .atomic)
  }

  private func remove(_ name: String) {
    guard let folder else {
      papers[name] = nil
      return
    }
    try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
  }

  // MARK: Records

  /// The numbers of the records, in order.
  var versions: [Int] {
    let names = folder.map { (try? FileManager.default.contentsOfDirectory(atPath: $0.path)) ?? [] } ?? papers.names
    return names.compactMap { $0.hasSuffix(Self.suffix) ? Int($0.dropLast(Self.suffix.count)) : nil }.sorted()
  }

  /// A record; `nil` when there is none of that number, or it is damaged.
  func record(_ version: Int) -> OfficeRecord? { read(Self.name(version)).flatMap { OfficeRecord(json: $0) } }

  /// Lays a new record beside the others.
  /// - Returns: its number.
  func add(_ data: Data) throws -> Int {
    let version = (versions.last ?? Self.ofImage) + 1
    try write(data, Self.name(version))
    return version
  }

  /// Lets go of the records of which `isNeeded` is false.
  func prune(keeping isNeeded: (Int) -> Bool) {
    for version in versions where !isNeeded(version) { remove(Self.name(version)) }
  }

  // MARK: What the registry knows

  private static let toldName = "told"

  /// The number of the record that the registry was told last.
  var told: Int { read(Self.toldName).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? Self.ofImage }

  /// Writes down that the registry was told a record.
  func tell(_ version: Int) throws {
    if told != version { try write(Data("\(version)".utf8), Self.toldName) }
  }
}
