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
/// 3. the registry is told.
///
/// A procedure that leaves the record as it is (a new PIN) writes none, and its event names the one that holds. A record that
/// no event names any more goes. Killed before 2, the record of 1 belongs to nothing and is never looked at. Killed before 3, the registry is told when the
/// card is put into a reader again, and after every procedure. The record that holds is that of the newest such event on the
/// way to where the card stands, so `undo`, `goto` and `restore` take record and registry along.
public final class CardOffice: Sendable {
  private let registry: RegistryStore?
  /// The records of cards whose state is in memory only.
  private let books: Mutex<[ObjectIdentifier: [Int: Data]]> = Mutex([:])
  /// One procedure at a time.
  private let desk = Mutex(())

  /// An office.
  /// - Parameter registry: where it tells of certificates; `nil` tells nobody.
  public init(registry: RegistryStore? = nil) { self.registry = registry }

  // MARK: Records

  /// What the cause of an office's event looks like.
  private static let mark = "operator:"

  private static func cause(_ verb: String, _ version: Int) -> String { "\(mark)\(verb):\(version)" }

  private static func version(in cause: String) -> Int? {
    guard cause.hasPrefix(mark) else { return nil }
    return cause.split(separator: ":").last.flatMap { Int($0) }
  }

  /// The record that holds for a card now; `nil` when its image has none.
  public func record(of card: CardHost) -> OfficeRecord? { current(of: card).record }

  /// The number of the record of the image.
  private static let ofImage = 0

  private func current(of card: CardHost) -> (version: Int, record: OfficeRecord?) {
    let history = card.history
    var number = history.position
    while number > 0 {
      guard let event = history.event(number) else { break }
      if let version = Self.version(in: event.cause) {
        if version == Self.ofImage { return (version, OfficeRecord(image: card.image)) }
        if let record = load(version, of: card) { return (version, record) }
      }
      number = history.parent(of: number) ?? 0
    }
    // Events that are forgotten name no record any more; theirs is the newest one written before them.
    if number > 0, let version = versions(of: card).last, let record = load(version, of: card) {
      return (version, record)
    }
    return (Self.ofImage, OfficeRecord(image: card.image))
  }

  /// The card was taken out, and does not come back.
  func forget(_ card: CardHost) { books.withLock { $0[ObjectIdentifier(card)] = nil } }

  private func folder(of card: CardHost) -> URL? { card.stateFolder?.appendingPathComponent("office") }

  private func versions(of card: CardHost) -> [Int] {
    guard let folder = folder(of: card) else {
      return books.withLock { $0[ObjectIdentifier(card)]?.keys.sorted() ?? [] }
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.compactMap { $0.hasSuffix(".json") ? Int($0.dropLast(5)) : nil }.sorted()
  }

  private func load(_ version: Int, of card: CardHost) -> OfficeRecord? {
    guard let folder = folder(of: card) else {
      return books.withLock { $0[ObjectIdentifier(card)]?[version] }.flatMap { OfficeRecord(json: $0) }
    }
    return (try? Data(contentsOf: folder.appendingPathComponent("\(version).json"))).flatMap { OfficeRecord(json: $0) }
  }

  private func write(_ record: OfficeRecord, of card: CardHost) throws -> Int {
    let data = try record.json()
    let now = current(of: card)
    if try now.record?.json() == data { return now.version }
    let version = (versions(of: card).last ?? 0) + 1
    guard let folder = folder(of: card) else {
      books.withLock { $0[ObjectIdentifier(card), default: [:]][version] = data }
      return version
    }
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try data.write(to: folder.appendingPathComponent("\(version).json"), options: .atomic)
    return version
  }

  /// Lets go of the records that no event names; the newest stays for the events that are forgotten.
  private func prune(_ card: CardHost) {
    let versions = versions(of: card)
    let named = Set(card.history.events.compactMap { Self.version(in: $0.cause) })
    for version in versions.dropLast() where !named.contains(version) {
      if let folder = folder(of: card) {
        try? FileManager.default.removeItem(at: folder.appendingPathComponent("\(version).json"))
      } else {
        books.withLock { $0[ObjectIdentifier(card)]?[version] = nil }
      }
    }
  }

  // MARK: The registry

  /// Tells the registry what the card's record says.
  public func register(_ card: CardHost) throws(ServiceFault) {
    guard let registry, let record = record(of: card) else { return }
    do {
      let entries = try record.entries(image: card.image)
      guard !entries.isEmpty else { return }
      try registry.update { book in
        for entry in entries { book.put(entry) }
      }
    } catch {
      let fault = error as? AuthorityError
      throw ServiceFault(
        fault?.problem ?? "the registry could not be told", at: card.name,
        fix: (fault?.fix ?? "make room on the disk") + "; put the card in again, and it is told")
    }
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
    if case .changePIN(let name, _) = order, record(of: card) != nil { try checkOld(old ?? "", of: name, on: card) }
    let outcome = try prepare(order, on: card, setting)
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
      try card.apply(outcome.changes, cause: Self.cause(setting.verb, version), isEvent: true)
      prune(card)
      try register(card)
      return after
    } catch {
      throw Self.fault(for: error, card: card.name)
    }
  }

  /// The old PIN is presented to the card like any other: the try is paid for before the guess is looked at.
  private func checkOld(_ old: String, of name: PINName, on card: CardHost) throws(ServiceFault) {
    guard let pin = card.pin(name), let value = pin.value else {
      throw ServiceFault("this card has no \(name.rawValue) PIN", at: card.name, fix: "see 'vmyna status'", exitCode: 1)
    }
    let reset = "the ward office resets it without the old one: vmyna operator reset-pin \(name.rawValue) --new …"
    guard pin.triesLeft > 0 else {
      throw ServiceFault(
        "the \(name.rawValue) PIN is locked (rule \(Rule.change.id))", at: card.name, fix: reset, exitCode: 1)
    }
    do {
      try card.apply([.triesLeft(name.path, pin.triesLeft - 1)], cause: "operator-change-pin")
    } catch {
      throw Self.fault(for: error, card: card.name)
    }
    guard Array(old.utf8) == value else {
      throw ServiceFault(
        "the old \(name.rawValue) PIN is wrong: \(pin.triesLeft - 1) tries left", at: card.name, fix: reset, exitCode: 1
      )
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
