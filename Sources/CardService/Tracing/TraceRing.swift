import CardHost
import CardKernel
import ISO7816
import Trace

#if canImport(Glibc)
  import Glibc
#endif

/// The last events in memory that is used again and again: a table of fixed entries, and the bytes of commands and answers
/// one behind the other. To keep an exchange is to copy its bytes; nothing is allocated, and nothing is formatted.
struct TraceRing {
  /// So much is kept, and so much more while somebody who listens has not taken it.
  struct Limits {
    var events: Int
    var bytes: Int
  }

  /// What is no exchange.
  enum Matter: Sendable {
    /// Anything that a slot tells but an exchange.
    case activity(SlotActivity)
    /// The card itself is not kept: it holds the lock on its state, and must go when it is taken out.
    case inserted
    case card(TraceEvent.Card)
    case changed(cause: String, tries: [String: Int])
  }

  /// A class, so that an entry of an exchange has one empty word for it.
  final class Other: Sendable {
    let matter: Matter

    init(_ matter: Matter) { self.matter = matter }
  }

  /// An event; of an exchange all but its bytes.
  struct Entry {
    var sequence = 0
    /// By ``TraceClock``.
    var time: Int64 = 0
    var slot = 0
    /// Where the bytes of the command begin, counted from the first byte ever kept; the answer's follow.
    var start = 0
    var commandLength = 0
    var responseLength = 0
    var microseconds = 0
    var application = ApplicationName(rawValue: "")
    var file: FileID?
    var other: Other?
  }

  private let kept: Limits
  private let waiting: Limits
  /// A power of two of entries: event number n stands at n modulo their count.
  private var entries: [Entry]
  /// A power of two of bytes, in the same way.
  private var bytes: [UInt8]
  /// The oldest event, and the one that comes next. They count up from 1.
  private(set) var first = 1
  private(set) var next = 1
  /// Where the next byte goes, counted from the first byte ever kept.
  private var end = 0
  /// The oldest event that somebody who listens has not taken.
  var wanted = Int.max {
    didSet { giveBack() }
  }

  private static let fewestEntries = 256
  private static let fewestBytes = 64 << 10

  init(kept: Limits, waiting: Limits) {
    self.kept = kept
    self.waiting = waiting
    entries = Array(repeating: Entry(), count: Self.fewestEntries)
    bytes = Array(repeating: 0, count: Self.fewestBytes)
  }

  private var start: Int { first < next ? entries[first & (entries.count - 1)].start : end }

  /// Keeps an exchange.
  mutating func append(
    command: [UInt8], _ exchange: CardHost.Exchange, slot: Int, time: Int64, microseconds: Int
  ) {
    let response = exchange.response
    makeRoom(command.count + response.count)
    let index = next & (entries.count - 1)
    entries[index].sequence = next
    entries[index].time = time
    entries[index].slot = slot
    entries[index].start = end
    entries[index].commandLength = command.count
    entries[index].responseLength = response.count
    entries[index].microseconds = microseconds
    entries[index].application = exchange.application
    entries[index].file = exchange.file
    entries[index].other = nil
    write(command)
    write(response)
    next += 1
  }

  /// Keeps anything else.
  mutating func append(_ matter: Matter, slot: Int, time: Int64) {
    makeRoom(0)
    entries[next & (entries.count - 1)] = Entry(
      sequence: next, time: time, slot: slot, start: end, other: Other(matter))
    next += 1
  }

  /// Events from `number` on, as many as are kept for nobody at most, so that a card never waits long for whoever reads.
  /// - Returns: also how many there were that are there no more, and which one is the next.
  func taken(from number: Int, slot: Int? = nil) -> (records: [Record], lost: Int, next: Int) {
    var records: [Record] = []
    let begin = max(number, first)
    let end = max(begin, min(next, begin + kept.events))
    records.reserveCapacity(end - begin)
    for number in begin..<end {
      let entry = entries[number & (entries.count - 1)]
      guard slot == nil || entry.slot == slot else { continue }
      let middle = entry.start + entry.commandLength
      records.append(
        Record(
          entry: entry, command: copy(entry.start, entry.commandLength), response: copy(middle, entry.responseLength)))
    }
    return (records, begin - number, end)
  }

  /// An event with its bytes.
  struct Record {
    var entry: Entry
    var command: [UInt8]
    var response: [UInt8]
  }

  // MARK: Room

  /// Lets the oldest go until one more event is within the limits, and takes more memory where they allow it.
  private mutating func makeRoom(_ size: Int) {
    while first < next {
      let limits = first < wanted ? kept : waiting
      guard next - first >= limits.events || end - start + size > limits.bytes else { break }
      first += 1
    }
    if next - first == entries.count { resize(entries: entries.count * 2) }
    var count = bytes.count
    while end - start + size > count { count *= 2 }
    if count != bytes.count { resize(bytes: count) }
  }

  /// What was kept for somebody who listens goes when it has been taken.
  private mutating func giveBack() {
    while first < next, first < wanted, next - first > kept.events || end - start > kept.bytes { first += 1 }
    var count = entries.count
    while count / 2 >= max(kept.events, Self.fewestEntries, next - first) { count /= 2 }
    if count != entries.count { resize(entries: count) }
    count = bytes.count
    while count / 2 >= max(kept.bytes, Self.fewestBytes, end - start) { count /= 2 }
    if count != bytes.count { resize(bytes: count) }
  }

  private mutating func resize(entries count: Int) {
    var resized = Array(repeating: Entry(), count: count)
    for number in first..<next { resized[number & (count - 1)] = entries[number & (entries.count - 1)] }
    entries = resized
  }

  private mutating func resize(bytes count: Int) {
    let all = copy(start, end - start)
    let begin = start
    bytes = Array(repeating: 0, count: count)
    write(all, at: begin)
  }

  // MARK: Bytes

  private mutating func write(_ added: [UInt8]) {
    write(added, at: end)
    end += added.count
  }

  private mutating func write(_ added: [UInt8], at position: Int) {
    let offset = position & (bytes.count - 1)
    let whole = min(added.count, bytes.count - offset)
    added.withUnsafeBytes { source in
      bytes.withUnsafeMutableBytes { target in
        UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + whole])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<whole]))
        UnsafeMutableRawBufferPointer(rebasing: target[..<(added.count - whole)])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[whole...]))
      }
    }
  }

  private func copy(_ position: Int, _ count: Int) -> [UInt8] {
    let offset = position & (bytes.count - 1)
    let whole = min(count, bytes.count - offset)
    return Array(bytes[offset..<offset + whole]) + bytes[..<(count - whole)]
  }
}

/// Time that costs as little as it can: nanoseconds since the machine was started, sleep included. What time of day it
/// was is worked out by whoever reads.
enum TraceClock {
  static var now: Int64 { read(CLOCK_BOOTTIME) }

  /// What to add to have nanoseconds since 1970.
  static var offset: Int64 { read(CLOCK_REALTIME) - now }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

extension TraceRing.Record {
  /// - Parameter offset: ``TraceClock/offset``.
  func event(offset: Int64) -> TraceEvent {
    let kind: TraceEvent.Kind =
      switch entry.other?.matter {
      case nil:
        .exchange(
          TraceEvent.Exchange(
            command: command, response: response, application: entry.application, file: entry.file,
            microseconds: entry.microseconds))
      case .card(let card): .card(card)
      case .changed(let cause, let tries): .changed(cause: cause, tries: tries)
      case .inserted, .activity(.inserted): .inserted
      case .activity(.removed): .removed
      case .activity(.powerOn(let atr)): .powerOn(atr: atr)
      case .activity(.warmReset): .warmReset
      case .activity(.powerOff): .powerOff
      case .activity(.changed(let cause)): .changed(cause: cause, tries: [:])
      case .activity(.exchange(let command, let exchange, let microseconds)):
        .exchange(
          TraceEvent.Exchange(
            command: command, response: exchange.response, application: exchange.application, file: exchange.file,
            microseconds: microseconds))
      }
    return TraceEvent(
      sequence: entry.sequence, time: (entry.time + offset) / 1_000_000, slot: entry.slot, kind: kind)
  }
}
