/// Fills outlines by the non-zero winding rule: how much of every pixel is inside, in whole numbers.
enum ScanlineFill {
  /// Lines that are looked at per row of pixels.
  private static let linesPerRow = 8
  /// What a pixel that is wholly inside amounts to.
  static let whole = linesPerRow * Outline.scale

  private struct Crossing {
    let x: Int
    let winding: Int
  }

  /// Tells the coverage (0…``whole``) of every pixel that is touched within `width` × `height`.
  static func fill(_ outline: Outline, width: Int, height: Int, _ touch: (_ x: Int, _ y: Int, _ coverage: Int) -> Void)
  {
    guard width > 0, height > 0 else { return }
    var lines = crossings(of: outline, lineCount: height * linesPerRow)
    var row = [Int](repeating: 0, count: width)
    for y in 0..<height {
      var isTouched = false
      for line in y * linesPerRow..<(y + 1) * linesPerRow where !lines[line].isEmpty {
        lines[line].sort { $0.x < $1.x }
        isTouched = true
        addSpans(lines[line], to: &row, width: width)
      }
      guard isTouched else { continue }
      for x in 0..<width where row[x] != 0 {
        touch(x, y, row[x])
        row[x] = 0
      }
    }
  }

  /// Where the edges cross the middle of every line.
  private static func crossings(of outline: Outline, lineCount: Int) -> [[Crossing]] {
    var lines = [[Crossing]](repeating: [], count: lineCount)
    let step = Outline.scale / linesPerRow
    for polygon in outline.polygons where polygon.count > 2 {
      var previous = polygon[polygon.count - 1]
      for point in polygon {
        defer { previous = point }
        guard point.y != previous.y else { continue }
        let (top, bottom, winding) = previous.y < point.y ? (previous, point, 1) : (point, previous, -1)
        // The first line whose middle is at or below the top.
        var line = max(0, floorDivide(top.y - step / 2 + step - 1, step))
        while line < lineCount, line * step + step / 2 < bottom.y {
          let y = line * step + step / 2
          let x = top.x + floorDivide((y - top.y) * (bottom.x - top.x), bottom.y - top.y)
          lines[line].append(Crossing(x: x, winding: winding))
          line += 1
        }
      }
    }
    return lines
  }

  private static func addSpans(_ crossings: [Crossing], to row: inout [Int], width: Int) {
    var winding = 0
    var start = 0
    for crossing in crossings {
      if winding == 0 { start = crossing.x }
      winding += crossing.winding
      if winding == 0 { addSpan(from: start, to: crossing.x, to: &row, width: width) }
    }
  }

  private static func addSpan(from start: Int, to end: Int, to row: inout [Int], width: Int) {
    let start = max(0, start)
    let end = min(width * Outline.scale, end)
    guard start < end else { return }
    let first = start / Outline.scale
    let last = (end - 1) / Outline.scale
    guard first < last else {
      row[first] += end - start
      return
    }
    row[first] += (first + 1) * Outline.scale - start
    for x in first + 1..<last { row[x] += Outline.scale }
    row[last] += end - last * Outline.scale
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int {
    let quotient = a / b
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
  }
}
