import CardModel
import ISO7816

/// Plays the rows of the card model on a card in a reader: those that spend no try, change nothing and lock nothing.
public struct ConformanceCheck {
  private let document: ModelDocument
  private let pins: [String: [UInt8]]

  /// A check.
  /// - Parameters:
  ///   - document: the model.
  ///   - pins: the right values of PINs, by name, when the holder has agreed; none otherwise.
  public init(_ document: ModelDocument, pins: [String: [UInt8]] = [:]) {
    self.document = document
    self.pins = pins
  }

  /// Plays the rows.
  /// - Throws: what the reader throws before the first row; later failures stand in the report.
  public func run(on reader: some ConformanceReader) throws -> ConformanceReport {
    let presentable = pins.filter { document.isForm(of: $0.key, $0.value) }
    let survey = try CardSurvey(of: reader, by: document, pins: presentable)
    let usable = presentable.filter { !survey.refusedPINs.contains($0.key) }
    var refused = survey.refusedPINs.union(pins.keys.filter { presentable[$0] == nil })
    var rows: [ConformanceReport.Row] = []
    for row in document.conformanceRows {
      let safety = RowSafety(pins: Set(usable.keys).subtracting(refused))
      let values = ConformanceValues(document: document, survey: survey, pins: usable)
      let player = RowPlayer(reader: reader, document: document, values: values)
      let (outcome, lost) = player.play(row, if: safety)
      if let lost { refused.insert(lost) }
      rows.append(ConformanceReport.Row(id: row.id, mark: row.mark, story: row.story, outcome: outcome))
    }
    try? reader.power()
    return ConformanceReport(answerToReset: reader.answerToReset, rows: rows, refusedPINs: refused.sorted())
  }
}

/// Plays one row.
private struct RowPlayer<Reader: ConformanceReader> {
  let reader: Reader
  let document: ModelDocument
  var values: ConformanceValues

  /// - Returns: what came of it, and the PIN that the card did not take, if there was one.
  func play(_ row: ModelRow, if safety: RowSafety) -> (ConformanceReport.Outcome, lostPIN: String?) {
    var copy = self
    guard row.fault.isEmpty, let story = try? ModelStory(row.story) else {
      return (.failed(step: row.story, reason: "this row of the model cannot be read"), nil)
    }
    if let refusal = safety.refusal(of: story) { return (.leftOut(refusal), nil) }
    return copy.play(story)
  }

  private mutating func play(_ story: ModelStory) -> (ConformanceReport.Outcome, lostPIN: String?) {
    var notes: [String] = []
    do { try reader.power() } catch { return (.failed(step: "power", reason: "\(error)"), nil) }
    for step in story.steps {
      do {
        switch step.act {
        case .reset: try reader.reset()
        case .power: try reader.power()
        case .command(let command):
          if case .verify(let pin, _) = command, try !isFull(pin, command) { return (.leftOut(.presentsPIN), pin) }
          let bytes = try reader.transmit(try values.bytes(of: command))
          guard let answer = ResponseAPDU(parsing: bytes) else {
            return (.failed(step: step.text, reason: "the answer has no status word"), nil)
          }
          if let difference = try compare(answer, with: step, &notes) {
            if case .verify(let pin, _) = command { return (.different(difference), pin) }
            return (.different(difference), nil)
          }
          values.answer = answer.data
        case .setUp, .diskFull, .beginSession, .secure: return (.leftOut(.unlistedCommand), nil)
        }
      } catch let refusal as RowRefusal {
        return (.leftOut(refusal), nil)
      } catch {
        return (.failed(step: step.text, reason: "\(error)"), nil)
      }
    }
    return (.equal(note: notes.isEmpty ? nil : notes.joined(separator: "; ")), nil)
  }

  /// Asked before every single presentation: with a try spent already, nothing is presented.
  private func isFull(_ pin: String, _ command: ModelStory.Command) throws -> Bool {
    guard case .verify(_, let p2) = command, let place = document.pin(pin) else { return false }
    let answer = ResponseAPDU(parsing: try reader.transmit([0x00, 0x20, 0x00, p2]))
    return answer?.status.triesLeft == place.tries
  }

  private func compare(
    _ answer: ResponseAPDU, with step: ModelStory.Step, _ notes: inout [String]
  ) throws -> ConformanceReport.Difference? {
    let wanted = step.expectation?.status ?? .success
    let isData = try step.expectation.map { try values.matches(answer.data, $0) } ?? true
    if let pattern = step.expectation {
      for key in values.keysMissing(for: pattern) { notes.append("the signature by the key \(key) was not checked") }
    }
    if answer.status == wanted && isData { return nil }
    // A counter that has been spent from is no difference of the card's make.
    if let full = wanted.triesLeft, full > 0, let left = answer.status.triesLeft, left < full, isData {
      notes.append("\(left) of \(full) tries left")
      return nil
    }
    return ConformanceReport.Difference(
      step: step.text, wanted: step.expectation?.text ?? "9000",
      answered: (answer.data.isEmpty ? "" : "<\(answer.data.count)>") + answer.status.description)
  }
}
