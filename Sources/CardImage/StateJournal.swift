import CardKernel
import Foundation
import ISO7816

/// The state of a card on disk: a journal of events beside an image that never changes.
///
/// A line that `append` has returned from survives `kill -9` at any instant. A line that was torn by one was never
/// followed by a comparison, so loading drops it. Damage anywhere else is refused with its line: it cannot come from a
/// kill, and guessing could hand a try back.
public final class StateJournal {
  /// The version of the format that this release writes. Every older one loads.
  public static let format = 1
  /// The journal's file name.
  public static let fileName = "state.journal"
  /// So many events are kept; then the journal is rewritten as one event that says the same.
  public static let mostEvents = 10_000
  private static let lockName = "lock"
  private static let largestJournal = 64 << 20

  /// The events that were loaded and appended, oldest first.
  public private(set) var events: [StateEvent] = []

  private let folder: URL
  private let fingerprint: String
  private let descriptor: FileDescriptor
  /// Keeps the lock while the journal lives.
  private let lock: FileDescriptor
  /// How long the journal is up to its last whole line.
  private var length: Int
  private var hasTornTail = false

  private var file: URL { folder.appendingPathComponent(Self.fileName) }

  /// Opens, or begins, the journal of a card.
  /// - Parameters:
  ///   - folder: made when it does not exist.
  ///   - card: what the state belongs to; see ``fingerprint(of:)``.
  /// - Throws: a fault with its fix when another process has the card, or the journal is damaged, of a newer format or
  ///   of another card.
  public init(folder: URL, card fingerprint: String) throws(ImageFault) {
    self.folder = folder
    self.fingerprint = fingerprint
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw ImageFault(
        "the state folder cannot be made", at: folder.path,
        fix: "name a folder that you may write to with --state, and check that the disk has room")
    }
    lock = try FileDescriptor.lock(folder.appendingPathComponent(Self.lockName))
    descriptor = try FileDescriptor.open(folder.appendingPathComponent(Self.fileName))
    length = 0
    try load()
  }

  /// What ties a state to its card: a checksum of the manifest.
  public static func fingerprint(of image: CardImage) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let manifest = (try? encoder.encode(image.manifest)) ?? Data()
    return CRC32.of([UInt8](manifest)).hexString
  }

  /// Makes changes durable.
  /// - Throws: when the disk did not take them; the journal is then as it was.
  public func append(cause: String, _ changes: [CardChange]) throws(EffectFailure) {
    let event = StateEvent(number: nextNumber, time: Self.now, cause: cause, changes: changes)
    try write(event.line + "\n")
    events.append(event)
    if events.count >= Self.mostEvents { compact() }
  }

  /// Forgets every event: the card is its image again.
  public func clear() throws(EffectFailure) {
    guard descriptor.truncate(to: 0) else { throw .memory }
    length = 0
    events = []
    try write(header)
  }

  private var nextNumber: Int { (events.last?.number ?? 0) &+ 1 }
  private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
  private var header: String { header(of: Self.format) }
  private func header(of format: Int) -> String { "vmyna-state \(format) card=\(fingerprint)\n" }
  private var notOurs: ImageFault {
    ImageFault(
      "this is no state of a card", at: "\(file.path):1", fix: "name another folder with --state, or remove this file")
  }

  private func write(_ text: String) throws(EffectFailure) {
    if hasTornTail {
      guard descriptor.truncate(to: length) else { throw .memory }
      hasTornTail = false
    }
    let bytes = Array(text.utf8)
    guard descriptor.append(bytes) else {
      // Whatever part of the line got through must not stay in front of the next one.
      hasTornTail = !descriptor.truncate(to: length)
      throw .memory
    }
    length += bytes.count
  }

  private func load() throws(ImageFault) {
    let bytes = try descriptor.readAll(limit: Self.largestJournal, location: file.path)
    guard !bytes.isEmpty else {
      do { try write(header) } catch {
        throw ImageFault("the state cannot be written", at: file.path, fix: "check that the disk has room")
      }
      return
    }
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last line feed is nothing, or the line that a kill tore.
    let torn = lines.removeLast()
    length = bytes.count - torn.count
    hasTornTail = !torn.isEmpty
    guard let first = lines.first else {
      // Not even the header is whole: the kill came while the journal was begun. Anything else is somebody's file.
      guard (1...Self.format).contains(where: { header(of: $0).utf8.starts(with: bytes) }) else {
        throw notOurs
      }
      length = 0
      hasTornTail = true
      do { try write(header) } catch {
        throw ImageFault("the state cannot be written", at: file.path, fix: "check that the disk has room")
      }
      return
    }
    try check(header: String(decoding: first, as: UTF8.self))
    for (index, line) in lines.enumerated().dropFirst() {
      guard let event = StateEvent(line: String(decoding: line, as: UTF8.self)),
        event.number > (events.last?.number ?? 0)
      else {
        throw ImageFault(
          "the state is damaged", at: "\(file.path):\(index + 1)",
          fix: "take the folder back from a copy, or remove it to begin again from the image")
      }
      events.append(event)
    }
    if events.count >= Self.mostEvents { compact() }
  }

  private func check(header: String) throws(ImageFault) {
    let fields = header.split(separator: " ")
    guard fields.count == 3, fields[0] == "vmyna-state", let version = Int(fields[1]), fields[2].hasPrefix("card=")
    else {
      throw ImageFault(
        "this is no state of a card", at: "\(file.path):1", fix: "name another folder with --state, or remove this file"
      )
    }
    guard (1...Self.format).contains(version) else {
      throw ImageFault(
        "this state has format \(version), and this vmyna reads formats 1 to \(Self.format)", at: "\(file.path):1",
        fix: "use the vmyna that wrote it, or a newer one")
    }
    guard fields[2].dropFirst("card=".count) == fingerprint else {
      throw ImageFault(
        "this state belongs to another card", at: "\(file.path):1",
        fix: "name another folder with --state, or remove this one to begin again")
    }
  }

  /// Rewrites the journal as one event. The old journal stands until the new one is whole on disk.
  private func compact() {
    let merged = StateEvent(
      number: nextNumber, time: Self.now, cause: "compaction", changes: Self.merged(events.flatMap(\.changes)))
    let text = header + merged.line + "\n"
    // A journal that cannot be rewritten goes on growing; the next append tries again.
    guard descriptor.replace(file, with: Array(text.utf8)) else { return }
    length = text.utf8.count
    events = [merged]
  }

  /// The last word on each file: as few changes as say the same.
  static func merged(_ changes: [CardChange]) -> [CardChange] {
    var pins: [FilePath: CardChange] = [:]
    var tries: [FilePath: CardChange] = [:]
    var others: [FilePath: CardChange] = [:]
    for change in changes {
      switch change {
      case .pin:
        pins[change.path] = change
        tries[change.path] = nil
      case .triesLeft: tries[change.path] = change
      case .contents, .records, .key: others[change.path] = change
      }
    }
    // A PIN's value goes before the count that came after it.
    return [pins, tries, others].flatMap { $0.values.sorted { "\($0.path)" < "\($1.path)" } }
  }
}
