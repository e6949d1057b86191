import CardKernel
import Foundation
import ISO7816

/// What a written event of a card's state outlives.
public enum StateDurability: Sendable {
  /// The death of the process, however it dies.
  case process
  /// A power loss of the machine too: each write waits for the disk.
  case machine
}

/// The state of a card on disk: a journal of events beside an image that never changes.
///
/// A line that `append` has returned from survives `kill -9` at any instant. A line that was torn by one was never
/// followed by a comparison, so loading drops it. Damage anywhere else is refused with its line: it cannot come from a
/// kill, and guessing could hand a try back.
public final class StateJournal {
  /// The version of the format that this release writes. Every older one loads.
  public static let format = 3
  /// The journal's file name.
  public static let fileName = "state.journal"
  private static let lockName = "lock"
  /// A journal that has grown so long is shortened, however few its events are: a renewal, or a way back over one, writes
  /// the card's certificates and pictures.
  private static let mostBytes = 16 << 20
  /// More than releases without that bound ever wrote: what this program wrote it reads.
  private static let largestJournal = 1 << 30

  /// The events that were loaded and appended, and what they mean together.
  public private(set) var history = StateHistory()
  /// The events, oldest first.
  public var events: [StateEvent] { history.events }

  private let folder: URL
  private let fingerprint: String
  private let durability: StateDurability
  private let mostBytes: Int
  private let descriptor: FileDescriptor
  /// Keeps the lock while the journal lives.
  private let lock: FileDescriptor
  /// How long the journal is up to its last whole line.
  private var length: Int
  private var hasTornTail = false
  /// At which length it is shortened next. Snapshots stay, so it may be long still, and is not rewritten each time then.
  private var nextCompaction: Int

  private var file: URL { folder.appendingPathComponent(Self.fileName) }

  /// Opens, or begins, the journal of a card.
  /// - Parameters:
  ///   - folder: made when it does not exist.
  ///   - card: what the state belongs to; see ``fingerprint(of:)``.
  ///   - durability: what a written event outlives.
  /// - Throws: a fault with its fix when another process has the card, or the journal is damaged, of a newer format or
  ///   of another card.
  public convenience init(
    folder: URL, card fingerprint: String, durability: StateDurability = .process
  ) throws(ImageFault) {
    try self.init(folder: folder, card: fingerprint, durability: durability, mostBytes: Self.mostBytes)
  }

  init(folder: URL, card fingerprint: String, durability: StateDurability, mostBytes: Int) throws(ImageFault) {
    self.mostBytes = mostBytes
    nextCompaction = mostBytes
    self.folder = folder
    self.durability = durability
    self.fingerprint = fingerprint
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw ImageFault(
        "the state folder cannot be made", at: folder.path,
        fix: "name a folder that you may write to with --state, and check that the disk has room", isOfMachine: true)
    }
    lock = try FileDescriptor.lock(folder.appendingPathComponent(Self.lockName))
    descriptor = try FileDescriptor.open(folder.appendingPathComponent(Self.fileName))
    length = 0
    try load()
    // Whatever was written before, and by others beside it, the image and the folders included.
    if durability == .machine { sync() }
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
    let event = history.next(cause: cause, changes)
    try write(event.line + "\n")
    history.record(event)
    if history.isFull || length >= nextCompaction { compact() }
  }

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
    guard descriptor.append(bytes), durability == .process || descriptor.flush() else {
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
        throw ImageFault(
          "the state cannot be written", at: file.path, fix: "check that the disk has room", isOfMachine: true)
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
        throw ImageFault(
          "the state cannot be written", at: file.path, fix: "check that the disk has room", isOfMachine: true)
      }
      return
    }
    let isOlder = try check(header: String(decoding: first, as: UTF8.self))
    var events: [StateEvent] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let event = StateEvent(line: String(decoding: line, as: UTF8.self)) else { throw damaged(line: index + 1) }
      events.append(event)
    }
    // The header is line 1.
    if let gap = Self.gap(in: events) { throw damaged(line: gap + 2) }
    for event in events { history.record(event) }
    // An older program must refuse what this one writes, not misread it: the header says the new format at once.
    if isOlder || history.isFull || length >= nextCompaction { compact() }
  }

  private func damaged(line: Int) -> ImageFault {
    ImageFault(
      "the state is damaged", at: "\(file.path):\(line)",
      fix: "take the folder back from a copy, or remove it to begin again from the image")
  }

  /// Which event does not follow the one before it. Numbers grow by one, but for where events were forgotten: in front of
  /// the event that stands for them and around the snapshots that were kept of them, at the beginning of the journal.
  private static func gap(in events: [StateEvent]) -> Int? {
    let kept = events.prefix { $0.role.isSnapshot || $0.role == .compaction }
    let isCompacted = kept.contains { $0.role == .compaction }
    var last = 0
    for (index, event) in events.enumerated() {
      // Of snapshots alone nothing stays to stand for, only half of the most events behind them.
      let mayHaveGap = index <= kept.count && (isCompacted || events.count - index >= StateHistory.keptEvents)
      guard event.number > last, mayHaveGap || event.number == last + 1 else { return index }
      last = event.number
    }
    return nil
  }

  /// - Returns: whether the journal has an older format.
  private func check(header: String) throws(ImageFault) -> Bool {
    let fields = header.split(separator: " ")
    guard fields.count == 3, fields[0] == "vmyna-state", let version = Int(fields[1]), fields[2].hasPrefix("card=")
    else {
      throw ImageFault(
        "this is no state of a card", at: "\(file.path):1", fix: "name another folder with --state, or remove this file"
      )
    }
    guard (1...Self.format).contains(version) else {
      throw ImageFault(
        "this state has format \(version), and this vmyna reads formats up to \(Self.format)", at: "\(file.path):1",
        fix: "use the vmyna that wrote it, or a newer one")
    }
    guard fields[2].dropFirst("card=".count) == fingerprint else {
      throw ImageFault(
        "this state belongs to another card", at: "\(file.path):1",
        fix: "name another folder with --state, or remove this one to begin again")
    }
    return version < Self.format
  }

  /// Rewrites the journal, without the oldest events when there are too many or they are too long. The old journal stands
  /// until the new one is whole on disk.
  private func compact() {
    let shorter = shortened(history.compacted)
    let text = header + shorter.events.map { $0.line + "\n" }.joined()
    // A journal that cannot be rewritten goes on growing; the next append tries again.
    guard descriptor.replace(file, with: Array(text.utf8)) else { return }
    if durability == .machine { FileDescriptor.flush(folder: folder) }
    length = text.utf8.count
    nextCompaction = max(mostBytes, 2 * length)
    hasTornTail = false
    history = shorter
  }

  /// The history with no more events than half of the most bytes hold, as far as there is an event to stand for the others.
  private func shortened(_ history: StateHistory) -> StateHistory {
    var (kept, bytes) = (0, 0)
    for event in history.events.reversed() {
      bytes += event.line.utf8.count + 1
      guard bytes <= mostBytes / 2 else { break }
      kept += 1
    }
    guard kept < history.events.count, length >= nextCompaction else { return history }
    let shorter = history.compacted(keeping: max(1, kept))
    return shorter.forgotten > 0 ? shorter : history
  }
}
