import Coverage
import Foundation

/// A record of coverage on disk. Runs that end at the same moment each add theirs.
struct CoverageFile {
  let path: String

  private var url: URL { URL(fileURLWithPath: path) }
  private static let largestFile = 4 << 20

  /// What the file holds; nothing when there is none yet.
  func load() throws(UserError) -> CoverageRecord {
    guard FileManager.default.fileExists(atPath: path) else { return CoverageRecord() }
    let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
    guard size <= Self.largestFile, let data = try? Data(contentsOf: url),
      let record = try? JSONDecoder().decode(CoverageRecord.self, from: data)
    else { throw UserError("this is no record of coverage", at: path, fix: "name another file, or remove this one") }
    guard (1...CoverageRecord.format).contains(record.format) else {
      throw UserError(
        "this record has format \(record.format), and this vmyna reads formats up to \(CoverageRecord.format)",
        at: path,
        fix: "use the vmyna that wrote it, or a newer one")
    }
    return record
  }

  /// Adds a record to what the file holds.
  /// - Returns: all of it.
  func add(_ record: CoverageRecord) throws(UserError) -> CoverageRecord {
    let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if folder >= 0 { close(folder) } }
    // The folder's lock, since the file itself is replaced. Without a lock (some network folders) it still is whole.
    if folder >= 0 { flock(folder, LOCK_EX) }
    var whole = try load()
    whole.merge(record)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      try encoder.encode(whole).write(to: url, options: .atomic)
    } catch {
      throw UserError(
        "the record of coverage cannot be written", at: path, fix: "name a file that you may write to", exitCode: 3)
    }
    return whole
  }
}
