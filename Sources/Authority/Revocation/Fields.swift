import Cryptography

/// The fields of one JSON object, taken one by one; what is left over at the end is a fault, because it is a typing error.
struct Fields {
  private let line: Int
  private let owner: String
  private var left: [(name: String, value: PlacedJSON)]

  init(_ json: PlacedJSON, of owner: String) throws(PlacedJSON.Fault) {
    guard case .object(let members) = json.content else {
      throw PlacedJSON.Fault(line: json.line, problem: "\(owner) is \(json.kind), not an object")
    }
    line = json.line
    self.owner = owner
    left = members
  }

  private mutating func take(_ name: String) -> PlacedJSON? {
    guard let index = left.firstIndex(where: { $0.name == name }) else { return nil }
    return left.remove(at: index).value
  }

  private mutating func need(_ name: String) throws(PlacedJSON.Fault) -> PlacedJSON {
    guard let value = take(name) else { throw PlacedJSON.Fault(line: line, problem: "\(owner) lacks \"\(name)\"") }
    return value
  }

  mutating func text(_ name: String) throws(PlacedJSON.Fault) -> (value: String, line: Int) {
    let value = try need(name)
    guard case .string(let text) = value.content else {
      throw PlacedJSON.Fault(line: value.line, problem: "\(owner).\(name) is \(value.kind), not a text")
    }
    return (text, value.line)
  }

  mutating func optionalText(_ name: String) throws(PlacedJSON.Fault) -> String? {
    guard left.contains(where: { $0.name == name }) else { return nil }
    return try text(name).value
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws(PlacedJSON.Fault) -> Choice
  where Choice.RawValue == String {
    let text = try text(name)
    guard let choice = Choice(rawValue: text.value) else {
      let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw PlacedJSON.Fault(line: text.line, problem: "\(owner).\(name) \"\(text.value)\" is none of \(allowed)")
    }
    return choice
  }

  mutating func number(_ name: String, in range: ClosedRange<Int>) throws(PlacedJSON.Fault) -> Int {
    let value = try need(name)
    guard case .number(let digits) = value.content, let number = Int(digits), range.contains(number) else {
      throw PlacedJSON.Fault(
        line: value.line, problem: "\(owner).\(name) is not a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  mutating func instant(_ name: String) throws(PlacedJSON.Fault) -> Instant {
    let text = try text(name)
    guard text.value.utf8.count == 20, let instant = Instant(text.value) else {
      throw PlacedJSON.Fault(
        line: text.line, problem: "\(owner).\(name) \"\(text.value)\" is not a time like 2026-11-20T01:00:00Z")
    }
    return instant
  }

  mutating func reason(_ name: String) throws(PlacedJSON.Fault) -> RevocationReason {
    let text = try text(name)
    do throws(AuthorityError) { return try RevocationReason(name: text.value) } catch {
      throw PlacedJSON.Fault(line: text.line, problem: "\(owner).\(name) \(error.problem)")
    }
  }

  mutating func list(_ name: String) throws(PlacedJSON.Fault) -> [PlacedJSON] {
    let value = try need(name)
    guard case .array(let items) = value.content else {
      throw PlacedJSON.Fault(line: value.line, problem: "\(owner).\(name) is \(value.kind), not an array")
    }
    return items
  }

  func end() throws(PlacedJSON.Fault) {
    if let extra = left.first {
      throw PlacedJSON.Fault(line: extra.value.line, problem: "\(owner) has an unknown field \"\(extra.name)\"")
    }
  }
}
