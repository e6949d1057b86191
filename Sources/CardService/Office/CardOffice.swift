import Authority
import CardHost
import CardImage
import CardRules
import Foundation
import MyNumberCard
import Personalization
import Synchronization

/// The ward office beside the cards in use: its records, and the registry.
///
/// A procedure changes three things in this order, and nothing is ever half done:
///
/// 1. the new record is written beside the older ones (`office/N.json` in the card's state folder);
/// 2. **one** event of the card's state holds everything that changes on the card and names the record (`operator:renew:N`):
///    from here on it has happened;
/// 3. the registry is told, and that it was (`office/told`).
///
/// A procedure that leaves the record as it is (a new PIN) writes none, and its event names the one that holds. A record that
/// holds at no place of the history goes. Killed before 2, the record of 1 belongs to nothing and is never looked at. Killed
/// before 3, the registry is told when the card is put into a reader again, and after every procedure. The history knows
/// which record holds where the card stands, so `undo`, `goto` and `restore` take record and registry along.
public final class CardOffice: Sendable {
  private let registry: RegistryStore?
  private let warn: @Sendable (ServiceFault) -> Void
  /// One procedure at a time.
  private let desk = Mutex(())

  /// An office.
  /// - Parameters:
  ///   - registry: where it tells of certificates; `nil` tells nobody.
  ///   - warn: hears of what somebody should know though everything goes on.
  public init(registry: RegistryStore? = nil, warn: @escaping @Sendable (ServiceFault) -> Void = { _ in }) {
    self.registry = registry
    self.warn = warn
  }

  // MARK: Records

  /// The record that holds for a card now; `nil` when its image has none.
  public func record(of card: CardHost) -> OfficeRecord? { current(of: card).record }

  private func current(of card: CardHost) -> (version: Int, record: OfficeRecord?) {
    let history = card.history
    let shelf = RecordShelf(of: card)
    let version = history.record(at: history.position) ?? Self.unnamed(in: history, on: shelf)
    // One that cannot be read, which no kill leaves behind, counts as not there: the one before it holds.
    for number in shelf.versions.reversed() where number <= version {
      if let record = shelf.record(number) { return (number, record) }
    }
    return (RecordShelf.ofImage, OfficeRecord(image: card.image))
  }

  /// The record that held where events are forgotten, in the state of a release that did not write it down: the newest one
  /// that was written before those that are still named.
  private static func unnamed(in history: StateHistory, on shelf: RecordShelf) -> Int {
    let named = Set(history.recordsThatHold.compactMap { $0 }).subtracting([RecordShelf.ofImage])
    let oldest = named.min() ?? Int.max
    return shelf.versions.last { $0 < oldest } ?? RecordShelf.ofImage
  }

  private func write(_ record: OfficeRecord, of card: CardHost) throws -> Int {
    let data = try record.json()
    let now = current(of: card)
    if try now.record?.json() == data { return now.version }
    return try RecordShelf(of: card).add(data)
  }

  /// Lets go of the records that hold nowhere in the history.
  private func prune(_ card: CardHost) {
    let history = card.history
    let shelf = RecordShelf(of: card)
    var needed = history.recordsThatHold
    if needed.contains(nil) { needed.insert(Self.unnamed(in: history, on: shelf)) }
    needed.insert(shelf.told)
    shelf.prune { needed.contains($0) }
  }

  // MARK: The registry

  /// Tells the registry what is new in the card's record since it was told last, and what it does not know at all. What
  /// somebody else has written of the other certificates stays.
  public func register(_ card: CardHost) throws(ServiceFault) {
    let now = current(of: card)
    guard let registry, let record = now.record else { return }
    do {
      let shelf = RecordShelf(of: card)
      let entries = try record.entries(image: card.image)
      var before = entries
      if shelf.told != now.version {
        before = try (shelf.record(shelf.told) ?? OfficeRecord(image: card.image))?.entries(image: card.image) ?? []
      }
      let replaced = try registry.update { book in
        entries.compactMap { entry in
          book.follow(entry, after: before.first { $0.hierarchy == entry.hierarchy && $0.serial == entry.serial })
        }
      }
      try shelf.tell(now.version)
      for entry in replaced { warn(Self.warning(of: entry, for: card)) }
    } catch {
      let fault = error as? AuthorityError
      throw ServiceFault(
        fault?.problem ?? "the registry could not be told", at: card.name,
        fix: (fault?.fix ?? "make room on the disk") + "; put the card in again, and it is told")
    }
  }

  private static func warning(of entry: Registry.Entry, for card: CardHost) -> ServiceFault {
    ServiceFault(
      "the registry had another \(entry.hierarchy.rawValue) certificate \(entry.serial), "
        + "valid from \(entry.notBefore) to \(entry.notAfter); this card's took its place", at: card.name,
      fix: "give one of the two cards another seed: vmyna mint --seed N")
  }

  // MARK: Procedures

  /// What is known of an order beside the order itself.
  public struct Setting: Sendable {
    /// The word by which history shows it.
    public var verb: String
    /// The second at which it happens.
    public var now: JapanInstant
    /// The municipality's settings.
    public var profile: MunicipalityProfile

    /// All of it.
    public init(verb: String, now: JapanInstant, profile: MunicipalityProfile) {
      self.verb = verb
      self.now = now
      self.profile = profile
    }
  }

  /// Carries out an order on a card.
  /// - Throws: a fault that names the rule; nothing has changed then, but for the try that a wrong old PIN costs.
  public func carryOut(
    _ order: OfficeOrder, old: String? = nil, on card: CardHost, _ setting: Setting
  ) throws(ServiceFault) -> OfficeReport {
    let outcome: Result<OfficeReport, ServiceFault> = desk.withLock { _ in
      do throws(ServiceFault) { return .success(try carryOutAlone(order, old: old, on: card, setting)) } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func carryOutAlone(
    _ order: OfficeOrder, old: String?, on card: CardHost, _ setting: Setting
  ) throws(ServiceFault) -> OfficeReport {
    // A refusal costs no try: the old PIN is looked at when nothing else is in the way.
    let outcome = try prepare(order, on: card, setting)
    if case .changePIN(let name, _) = order { try checkOld(old ?? "", of: name, on: card) }
    let after = try commit(outcome, on: card, setting)
    do {
      return try OfficeReport(outcome, card: card, record: after, now: setting.now)
    } catch {
      throw Self.fault(for: error, card: card.name)
    }
  }

  /// What an order would lead to, by the rules; nothing is changed.
  private func prepare(
    _ order: OfficeOrder, on card: CardHost, _ setting: Setting
  ) throws(ServiceFault) -> WardOffice.Outcome {
    guard let record = record(of: card) else {
      throw ServiceFault(
        "the image of this card has no record for the office", at: card.name, fix: "mint it again", exitCode: 1)
    }
    var pins: WardOffice.PINs = [:]
    for name in PINName.allCases { pins[name] = card.pin(name) }
    let office = WardOffice(image: card.image, profile: setting.profile, now: setting.now)
    do {
      return try office.carryOut(order, for: record.resident, pins: pins)
    } catch {
      throw Self.fault(for: error, card: card.name)
    }
  }

  /// Writes what was prepared: the record, then the card in one step, then the registry.
  /// - Returns: the record afterwards.
  @discardableResult
  public func commit(
    _ outcome: WardOffice.Outcome, on card: CardHost, _ setting: Setting
  ) throws(ServiceFault) -> OfficeRecord {
    do {
      let after = OfficeRecord(resident: outcome.resident)
      let version = try write(after, of: card)
      try card.apply(
        outcome.changes, cause: StateEvent.officeCause(setting.verb, record: version), isEvent: true)
      prune(card)
      try register(card)
      return after
    } catch {
      throw Self.fault(for: error, card: card.name)
    }
  }

  /// The old PIN is presented to the card like any other. When it is right all tries are there again, whatever becomes of
  /// the rest.
  private func checkOld(_ old: String, of name: PINName, on card: CardHost) throws(ServiceFault) {
    let reset = "the ward office resets it without the old one: vmyna operator reset-pin \(name.rawValue) --new …"
    let answer: CardHost.PINAnswer
    do {
      answer = try card.present(name, Array(old.utf8), cause: "operator-change-pin")
    } catch {
      throw Self.fault(for: error, card: card.name)
    }
    switch answer {
    case .right: return
    case .wrong(let triesLeft):
      throw ServiceFault(
        "the old \(name.rawValue) PIN is wrong: \(triesLeft) tries left", at: card.name, fix: reset, exitCode: 1)
    case .locked:
      throw ServiceFault(
        "the \(name.rawValue) PIN is locked (rule \(Rule.change.id))", at: card.name, fix: reset, exitCode: 1)
    case .absent:
      throw ServiceFault("this card has no \(name.rawValue) PIN", at: card.name, fix: "see 'vmyna status'", exitCode: 1)
    }
  }

  private static func fault(for error: any Error, card: String) -> ServiceFault {
    switch error {
    case let error as ServiceFault: return error
    case let error as OfficeRefusal:
      let rule = error.rule.map { " (rule \($0.id))" } ?? ""
      return ServiceFault(error.problem + rule, at: card, fix: error.fix, exitCode: error.rule == nil ? 2 : 1)
    case let error as AuthorityError: return ServiceFault(error.problem, at: card, fix: error.fix, exitCode: 1)
    case let error as ContentFault: return ServiceFault(error.problem, at: card, fix: error.fix, exitCode: 1)
    case CardHost.ChangeFailure.refused(let path):
      return ServiceFault("the card does not take this for \(path)", at: card, fix: "mint the card again", exitCode: 1)
    default:
      return ServiceFault(
        "the record could not be written, and nothing has changed (\(reason(error)))", at: card,
        fix: "make room on the disk")
    }
  }

  /// What the system says, without what Foundation wraps around it.
  private static func reason(_ error: any Error) -> String {
    var error = error as NSError
    while let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = inner }
    guard error.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(error.code)))
  }
}
