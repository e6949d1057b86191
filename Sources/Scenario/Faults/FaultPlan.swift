/// The faults that wait in a slot, and what they do to each request of the reader. Pure: it counts, and says what is to be done.
public struct FaultPlan: Sendable {
  /// What the reader asks of the card.
  public enum Request: Sendable, Equatable {
    /// Power, or a cold reset.
    case powerOn
    /// A warm reset.
    case reset
    /// A command with this instruction byte.
    case command(instruction: UInt8)
  }

  /// What is to be done with a request.
  public struct Order: Sendable, Equatable {
    /// So long, in milliseconds, before the answer.
    public var delay = 0
    /// Whether the reader is left without a word meanwhile.
    public var isSilent = false
    /// Whether the card gets to see it.
    public var reachesCard = true
    /// What becomes of the answer.
    public var answer = Answer.whole
    /// What happens to the card with it.
    public var loss: Loss?
    /// Whether the loss comes when the answer is out.
    public var isLossAfter = false
    /// The write around which the power goes.
    public var write: Write?

    /// What can become of an answer.
    public enum Answer: Sendable, Equatable {
      case whole, none, corrupt
      case other([UInt8])
    }

    /// What can be lost.
    public enum Loss: Sendable, Equatable {
      case power
      case card(backAfter: Int?)
    }

    /// A write of the command to the card's memory.
    public struct Write: Sendable, Equatable {
      /// Which, from 1.
      public var number: Int
      /// Whether it happens before the power goes.
      public var isDone: Bool
      /// What is lost.
      public var loss: Loss
      /// Whose fault it is.
      var id: Int
    }

    /// Nothing is done.
    public init() {}
  }

  private struct Waiting {
    var id: Int
    var fault: Fault
    /// How many commands are still to come first.
    var countdown: Int
    /// How many writes are still to come first.
    var writes: Int
    var isOfCard: Bool

    /// The fault, its trigger counted from now.
    var remaining: Fault {
      var fault = fault
      switch fault.trigger {
      case .command: fault.trigger = .command(number: countdown + 1)
      case .write(let timing, _): fault.trigger = .write(timing, number: writes + 1)
      case .now, .named: break
      }
      return fault
    }
  }

  private var waiting: [Waiting] = []
  private var nextID = 1

  /// No fault waits.
  public init() {}

  /// Whether no fault waits.
  public var isEmpty: Bool { waiting.isEmpty }
  /// What waits, in order, as it would be ordered now: commands and writes that have passed are counted off.
  public var faults: [Fault] { waiting.map(\.remaining) }

  /// What waits because the card was born with it.
  public var faultsOfCard: [Fault] { waiting.filter(\.isOfCard).map(\.remaining) }

  /// So many faults wait at most, and so many more of the card's own.
  public static let mostFaults = 100

  /// Orders a fault.
  /// - Parameter isOfCard: whether it goes with the card that is in the slot.
  /// - Returns: `false`, and nothing is ordered, when too many wait already.
  @discardableResult
  public mutating func add(_ fault: Fault, isOfCard: Bool = false) -> Bool {
    guard waiting.count(where: { $0.isOfCard == isOfCard }) < Self.mostFaults else { return false }
    var (countdown, writes) = (0, 0)
    if case .command(let number) = fault.trigger { countdown = number - 1 }
    if case .write(_, let number) = fault.trigger { writes = number - 1 }
    waiting.append(Waiting(id: nextID, fault: fault, countdown: countdown, writes: writes, isOfCard: isOfCard))
    nextID += 1
    return true
  }

  /// Forgets every fault.
  public mutating func clear() { waiting = [] }

  /// A card came: what waited for that is over.
  public mutating func cardInserted() { waiting.removeAll { $0.fault.until == .reinserted } }

  /// The card went, and its own faults with it.
  public mutating func cardEjected() { waiting.removeAll(where: \.isOfCard) }

  /// What is to be done with a request.
  public mutating func order(for request: Request) -> Order {
    var order = Order()
    var armed: [(kind: Fault.Kind, isOfCard: Bool)] = []
    if case .command = request { order.write = nextWrite }
    for index in waiting.indices {
      guard let timing = timing(of: index, for: request) else { continue }
      let fault = waiting[index].fault
      if timing == .after, Self.loss(of: fault.kind) == nil {
        armed.append((fault.kind, waiting[index].isOfCard))
      } else {
        Self.put(fault.kind, timing, into: &order)
      }
      spend(index)
    }
    waiting.removeAll { $0.fault.until == .times(0) }
    for (kind, isOfCard) in armed { add(Fault(kind), isOfCard: isOfCard) }
    return order
  }

  /// The write at which the power goes next: the one with the smallest number, and before it rather than after it.
  /// It happens only if the command writes; the slot tells.
  private var nextWrite: Order.Write? {
    var next: Order.Write?
    for waiting in waiting {
      guard case .write(let timing, _) = waiting.fault.trigger else { continue }
      let write = Order.Write(
        number: waiting.writes + 1, isDone: timing == .after, loss: Self.loss(of: waiting.fault.kind) ?? .power,
        id: waiting.id)
      guard let first = next else {
        next = write
        continue
      }
      if write.number < first.number || write.number == first.number && first.isDone && !write.isDone { next = write }
    }
    return next
  }

  /// Tells what a command wrote.
  /// - Parameters:
  ///   - count: how many times it wrote; what a cut kept from being written is no write.
  ///   - write: the order's write, when it came to that.
  public mutating func wrote(_ count: Int, cut write: Order.Write?) {
    for index in waiting.indices {
      guard case .write = waiting[index].fault.trigger else { continue }
      waiting[index].writes = max(0, waiting[index].writes - count)
      if waiting[index].id == write?.id { spend(index) }
    }
    waiting.removeAll { $0.fault.until == .times(0) }
  }

  private mutating func spend(_ index: Int) {
    if case .times(let count) = waiting[index].fault.until { waiting[index].fault.until = .times(count - 1) }
  }

  /// Whether a fault is about this request, and where around it.
  private mutating func timing(of index: Int, for request: Request) -> Fault.Timing? {
    let isCommand = if case .command = request { true } else { false }
    switch waiting[index].fault.trigger {
    case .now: return isCommand ? .before : nil
    case .write: return nil
    case .command:
      guard isCommand else { return nil }
      guard waiting[index].countdown == 0 else {
        waiting[index].countdown -= 1
        return nil
      }
      return .before
    case .named(let timing, let command):
      switch (command, request) {
      case (.powerOn, .powerOn), (.reset, .reset), (.any, .command): return timing
      case (.instructions(let bytes), .command(let instruction)): return bytes.contains(instruction) ? timing : nil
      default: return nil
      }
    }
  }

  private static func loss(of kind: Fault.Kind) -> Order.Loss? {
    switch kind {
    case .remove(let back): .card(backAfter: back)
    case .power: .power
    case .mute, .delay, .corrupt, .answer: nil
    }
  }

  /// Delays add up. Of what decides about the answer the first one decides, and of what takes the card or its power when
  /// the answer is out the first one does; what comes second is spent without a trace.
  private static func put(_ kind: Fault.Kind, _ timing: Fault.Timing, into order: inout Order) {
    if case .delay(let milliseconds, let isSilent) = kind {
      order.delay += milliseconds
      order.isSilent = order.isSilent || isSilent
      return
    }
    let loss = loss(of: kind)
    if timing == .after, let loss {
      guard order.loss == nil else { return }
      (order.loss, order.isLossAfter) = (loss, true)
      return
    }
    guard order.answer == .whole else { return }
    if let loss {
      // It takes the card while it works, so nothing is left for a fault that waits for the answer to be out.
      (order.loss, order.isLossAfter) = (loss, false)
    }
    switch kind {
    case .corrupt: order.answer = .corrupt
    case .answer(let bytes): order.answer = .other(bytes)
    case .mute, .remove, .power, .delay: order.answer = .none
    }
    // One bit of an answer needs an answer.
    if timing == .before, kind != .corrupt { order.reachesCard = false }
  }
}
