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
  }

  private var waiting: [Waiting] = []
  private var nextID = 1

  /// No fault waits.
  public init() {}

  /// Whether no fault waits.
  public var isEmpty: Bool { waiting.isEmpty }
  /// What waits, in order.
  public var faults: [Fault] { waiting.map(\.fault) }

  /// What waits because the card was born with it.
  public var faultsOfCard: [Fault] { waiting.filter(\.isOfCard).map(\.fault) }

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
    var armed: [Fault.Kind] = []
    for index in waiting.indices {
      guard let timing = timing(of: index, for: request) else { continue }
      let fault = waiting[index].fault
      if case .write(let writeTiming, _) = fault.trigger {
        // It happens only if the command writes; the slot tells.
        if order.write == nil {
          order.write = Order.Write(
            number: waiting[index].writes + 1, isDone: writeTiming == .after, loss: Self.loss(of: fault.kind) ?? .power,
            id: waiting[index].id)
        }
        continue
      }
      if timing == .after, Self.loss(of: fault.kind) == nil {
        armed.append(fault.kind)
      } else {
        Self.put(fault.kind, timing, into: &order)
      }
      spend(index)
    }
    waiting.removeAll { $0.fault.until == .times(0) }
    for kind in armed { add(Fault(kind)) }
    return order
  }

  /// Tells what a command wrote.
  /// - Parameters:
  ///   - count: how many times it wrote.
  ///   - write: the order's write, when it came to that.
  public mutating func wrote(_ count: Int, cut write: Order.Write?) {
    for index in waiting.indices {
      guard case .write = waiting[index].fault.trigger else { continue }
      if waiting[index].id == write?.id {
        spend(index)
      } else if write == nil {
        waiting[index].writes = max(0, waiting[index].writes - count)
      }
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
    case .write: return isCommand ? .during : nil
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

  private static func put(_ kind: Fault.Kind, _ timing: Fault.Timing, into order: inout Order) {
    let isBefore = timing == .before
    switch kind {
    case .delay(let milliseconds, let isSilent):
      order.delay += milliseconds
      order.isSilent = order.isSilent || isSilent
    case .mute:
      order.answer = .none
      if isBefore { order.reachesCard = false }
    case .corrupt: if order.answer == .whole { order.answer = .corrupt }
    case .answer(let bytes):
      if order.answer == .whole { order.answer = .other(bytes) }
      if isBefore { order.reachesCard = false }
    case .remove, .power:
      order.loss = loss(of: kind)
      order.isLossAfter = timing == .after
      if timing != .after { order.answer = .none }
      if isBefore { order.reachesCard = false }
    }
  }
}
