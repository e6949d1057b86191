import Conformance
import Foundation
import ISO7816

/// A report of the conformance check, as text and as JSON.
struct ConformanceText {
  let report: ConformanceReport
  let reader: String

  var lines: [String] {
    var lines = ["reader '\(reader)', answer to reset \(report.answerToReset.hexString)"]
    for row in report.rows {
      switch row.outcome {
      case .different(let difference):
        lines.append(
          "different  \(row.id) (\(row.mark)): \(difference.step) wanted \(difference.wanted), "
            + "answered \(difference.answered)")
      case .failed(let step, let reason): lines.append("failed     \(row.id) (\(row.mark)): \(step): \(reason)")
      case .equal, .leftOut: break
      }
    }
    for pin in report.refusedPINs { lines.append("not used   the \(pin) PIN: refused, or its counter was not full") }
    for refusal in RowRefusal.allCases {
      let count = report.rows.count { $0.outcome == .leftOut(refusal) }
      if count > 0 { lines.append("left out   \(count) rows: \(refusal.sentence)") }
    }
    let counts = report.counts
    lines.append(
      "\(counts.equal) rows equal, \(counts.different) different, \(counts.failed) failed, \(counts.leftOut) left out")
    return lines
  }

  var json: OrderedJSON {
    let counts = report.counts
    return .object([
      ("format", .int(1)), ("reader", .string(reader)), ("answerToReset", .string(report.answerToReset.hexString)),
      (
        "counts",
        .object([
          ("equal", .int(counts.equal)), ("different", .int(counts.different)), ("failed", .int(counts.failed)),
          ("leftOut", .int(counts.leftOut)),
        ])
      ),
      ("refusedPINs", .array(report.refusedPINs.map { .string($0) })),
      ("rows", .array(report.rows.map(Self.json(of:)))),
    ])
  }

  private static func json(of row: ConformanceReport.Row) -> OrderedJSON {
    var fields: [(String, OrderedJSON)] = [
      ("id", .string(row.id)), ("mark", .string(row.mark)), ("story", .string(row.story)),
    ]
    switch row.outcome {
    case .equal(let note):
      fields.append(("result", .string("equal")))
      if let note { fields.append(("note", .string(note))) }
    case .different(let difference):
      fields += [
        ("result", .string("different")), ("step", .string(difference.step)), ("wanted", .string(difference.wanted)),
        ("answered", .string(difference.answered)),
      ]
    case .leftOut(let refusal):
      fields += [("result", .string("leftOut")), ("reason", .string(refusal.rawValue))]
    case .failed(let step, let reason):
      fields += [("result", .string("failed")), ("step", .string(step)), ("reason", .string(reason))]
    }
    return .object(fields)
  }

  func write(to path: String) throws {
    do {
      try Data((json.text + "\n").utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw UserError(
        "the report cannot be written", at: path, fix: "name a file in a folder that you may write to", exitCode: 3)
    }
  }
}
