/// Reads the outline of one glyph (OpenType specification, table glyf).
struct GlyphReader {
  private let font: TrueTypeFont
  private let file: TrueTypeFont.Reader
  /// Components of components of … : no sound font goes deeper, or needs more parts for one glyph.
  private static let deepest = 6
  private static let mostParts = 256

  init(_ font: TrueTypeFont) {
    self.font = font
    file = TrueTypeFont.Reader(font.bytes)
  }

  /// A point of a contour in font units, y upwards.
  struct ContourPoint {
    var x: Int
    var y: Int
    let isOnCurve: Bool
  }

  /// The contours of a glyph, components put together.
  func contours(of glyph: Int) throws(TrueTypeFont.Malformed) -> [[ContourPoint]] {
    var parts = 0
    return try contours(of: glyph, depth: 0, parts: &parts)
  }

  private func contours(
    of glyph: Int, depth: Int, parts: inout Int
  ) throws(TrueTypeFont.Malformed) -> [[ContourPoint]] {
    parts += 1
    guard depth < Self.deepest, parts <= Self.mostParts else {
      throw TrueTypeFont.Malformed(what: "components without end")
    }
    guard let start = try font.location(of: glyph) else { return [] }
    let count = try file.signed(at: start)
    return count >= 0
      ? try simpleContours(count, at: start + 10) : try components(at: start + 10, depth: depth, parts: &parts)
  }

  private func simpleContours(_ count: Int, at start: Int) throws(TrueTypeFont.Malformed) -> [[ContourPoint]] {
    guard count > 0 else { return [] }
    var ends: [Int] = []
    for index in 0..<count { ends.append(try file.number(at: start + 2 * index, 2)) }
    let pointCount = (ends.max() ?? 0) + 1
    var position = start + 2 * count
    position += 2 + (try file.number(at: position, 2))  // hinting instructions are of no use here
    var flags: [Int] = []
    while flags.count < pointCount {
      let flag = try file.number(at: position, 1)
      position += 1
      flags.append(flag)
      guard flag & 0x08 != 0 else { continue }
      for _ in 0..<(try file.number(at: position, 1)) { flags.append(flag) }
      position += 1
    }
    let xs = try coordinates(flags.prefix(pointCount), isShort: 0x02, isSame: 0x10, at: &position)
    let ys = try coordinates(flags.prefix(pointCount), isShort: 0x04, isSame: 0x20, at: &position)
    var result: [[ContourPoint]] = []
    var first = 0
    for end in ends {
      guard end >= first else { throw TrueTypeFont.Malformed(what: "contours out of order") }
      result.append((first...end).map { ContourPoint(x: xs[$0], y: ys[$0], isOnCurve: flags[$0] & 1 != 0) })
      first = end + 1
    }
    return result
  }

  private func coordinates(
    _ flags: ArraySlice<Int>, isShort: Int, isSame: Int, at position: inout Int
  ) throws(TrueTypeFont.Malformed) -> [Int] {
    var value = 0
    var result: [Int] = []
    for flag in flags {
      if flag & isShort != 0 {
        let distance = try file.number(at: position, 1)
        position += 1
        value += flag & isSame != 0 ? distance : -distance
      } else if flag & isSame == 0 {
        value += try file.signed(at: position)
        position += 2
      }
      result.append(value)
    }
    return result
  }

  private func components(
    at start: Int, depth: Int, parts: inout Int
  ) throws(TrueTypeFont.Malformed) -> [[ContourPoint]] {
    var position = start
    var result: [[ContourPoint]] = []
    while true {
      let flags = try file.number(at: position, 2)
      let glyph = try file.number(at: position + 2, 2)
      position += 4
      var offset = (x: 0, y: 0)
      let hasWords = flags & 0x0001 != 0
      if flags & 0x0002 != 0 {
        offset =
          hasWords
          ? (try file.signed(at: position), try file.signed(at: position + 2))
          : (signedByte(try file.number(at: position, 1)), signedByte(try file.number(at: position + 1, 1)))
      }
      position += hasWords ? 4 : 2
      // A matrix in 1/16384.
      var matrix = (xx: 0x4000, yx: 0, xy: 0, yy: 0x4000)
      if flags & 0x0008 != 0 {
        matrix.xx = try file.signed(at: position)
        matrix.yy = matrix.xx
        position += 2
      } else if flags & 0x0040 != 0 {
        matrix = (try file.signed(at: position), 0, 0, try file.signed(at: position + 2))
        position += 4
      } else if flags & 0x0080 != 0 {
        matrix = (
          try file.signed(at: position), try file.signed(at: position + 2), try file.signed(at: position + 4),
          try file.signed(at: position + 6)
        )
        position += 8
      }
      for contour in try contours(of: glyph, depth: depth + 1, parts: &parts) {
        result.append(
          contour.map {
            ContourPoint(
              x: (matrix.xx * $0.x + matrix.xy * $0.y) / 0x4000 + offset.x,
              y: (matrix.yx * $0.x + matrix.yy * $0.y) / 0x4000 + offset.y, isOnCurve: $0.isOnCurve)
          })
      }
      if flags & 0x0020 == 0 { return result }
    }
  }

  private func signedByte(_ value: Int) -> Int { value < 0x80 ? value : value - 0x100 }
}

extension Outline {
  /// Adds a glyph of a font at this size, its pen position and base line in 64ths of a pixel.
  mutating func add(
    contours: [[GlyphReader.ContourPoint]], unitsPerEm: Int, size: Int, pen: Int, baseline: Int
  ) {
    func place(_ x: Int, _ y: Int) -> Point {
      Point(
        x: pen + x * size * Outline.scale / unitsPerEm, y: baseline - y * size * Outline.scale / unitsPerEm)
    }
    for contour in contours where contour.count > 1 {
      // Begin on the curve: at a point of it, or half-way between two control points.
      let points: [GlyphReader.ContourPoint]
      if let first = contour.firstIndex(where: \.isOnCurve) {
        points = Array(contour[first...] + contour[..<first])
      } else {
        let middle = GlyphReader.ContourPoint(
          x: (contour[0].x + contour[contour.count - 1].x) / 2, y: (contour[0].y + contour[contour.count - 1].y) / 2,
          isOnCurve: true)
        points = [middle] + contour
      }
      move(to: place(points[0].x, points[0].y))
      var control: GlyphReader.ContourPoint?
      for point in points.dropFirst() + [points[0]] {
        switch (control, point.isOnCurve) {
        case (nil, true): line(to: place(point.x, point.y))
        case (nil, false): control = point
        case (let bend?, true):
          curve(to: place(point.x, point.y), control: place(bend.x, bend.y))
          control = nil
        case (let bend?, false):
          curve(to: place((bend.x + point.x) / 2, (bend.y + point.y) / 2), control: place(bend.x, bend.y))
          control = point
        }
      }
    }
  }
}
