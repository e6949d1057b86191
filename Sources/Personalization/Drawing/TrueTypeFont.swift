import Foundation

/// A font with TrueType outlines (tables cmap, glyf, head, hhea, hmtx, loca, maxp of the OpenType specification), read as far as
/// writing one line of text needs it. Whatever a table says of places and lengths is checked against the file.
struct TrueTypeFont: Sendable {
  /// Why a file is no such font.
  struct Malformed: Error {
    let what: String
  }

  /// The file, mapped: a service that has minted must not keep megabytes of glyphs in its memory.
  let bytes: Data
  let unitsPerEm: Int
  /// From the base line to the top, in font units.
  let ascent: Int
  /// From the base line to the bottom, negative, in font units.
  let descent: Int

  private let tables: [String: Range<Int>]
  private let hasLongLocations: Bool
  private let metricsCount: Int
  private let glyphCount: Int
  private let characterMap: CharacterMap

  private enum CharacterMap: Sendable {
    /// Segments of the basic plane, at this offset.
    case segments(Int)
    /// Groups of all planes, at this offset.
    case groups(Int)
  }

  init(_ bytes: Data) throws(Malformed) {
    self.bytes = bytes
    let file = Reader(bytes)
    var start = 0
    // A collection: its first font.
    if try file.number(at: 0, 4) == 0x7474_6366 { start = try file.number(at: 12, 4) }
    var tables: [String: Range<Int>] = [:]
    for index in 0..<(try file.number(at: start + 4, 2)) {
      let entry = start + 12 + 16 * index
      let offset = try file.number(at: entry + 8, 4)
      let length = try file.number(at: entry + 12, 4)
      guard offset <= bytes.count, length <= bytes.count - offset else { throw Malformed(what: "table directory") }
      tables[String(decoding: bytes[entry..<entry + 4], as: UTF8.self)] = offset..<offset + length
    }
    self.tables = tables
    func table(_ name: String) throws(Malformed) -> Int {
      guard let range = tables[name] else { throw Malformed(what: "no table '\(name)'") }
      return range.lowerBound
    }
    _ = try table("glyf")
    _ = try table("loca")
    _ = try table("hmtx")
    let head = try table("head")
    unitsPerEm = try file.number(at: head + 18, 2)
    hasLongLocations = try file.number(at: head + 50, 2) != 0
    let header = try table("hhea")
    ascent = try file.signed(at: header + 4)
    descent = try file.signed(at: header + 6)
    metricsCount = try file.number(at: header + 34, 2)
    glyphCount = try file.number(at: try table("maxp") + 4, 2)
    guard unitsPerEm > 0, metricsCount > 0 else { throw Malformed(what: "table 'head' or 'hhea'") }
    characterMap = try Self.characterMap(at: try table("cmap"), file)
  }

  /// The widest map that is understood: format 12 of all planes, else format 4.
  private static func characterMap(at table: Int, _ file: Reader) throws(Malformed) -> CharacterMap {
    var basic: CharacterMap?
    for index in 0..<(try file.number(at: table + 2, 2)) {
      let entry = table + 4 + 8 * index
      let platform = try file.number(at: entry, 2)
      guard platform == 0 || platform == 3 else { continue }
      let subtable = table + (try file.number(at: entry + 4, 4))
      switch try file.number(at: subtable, 2) {
      case 12: return .groups(subtable)
      case 4: basic = .segments(subtable)
      default: continue
      }
    }
    guard let basic else { throw Malformed(what: "no Unicode character map") }
    return basic
  }

  /// The glyph of a character; 0 is the font's "missing".
  func glyph(of scalar: Unicode.Scalar) throws(Malformed) -> Int {
    let file = Reader(bytes)
    let code = Int(scalar.value)
    switch characterMap {
    case .groups(let table):
      var (low, high) = (0, try file.number(at: table + 12, 4) - 1)
      while low <= high {
        let middle = (low + high) / 2
        let entry = table + 16 + 12 * middle
        let first = try file.number(at: entry, 4)
        if code < first {
          high = middle - 1
        } else if code > (try file.number(at: entry + 4, 4)) {
          low = middle + 1
        } else {
          return try file.number(at: entry + 8, 4) + code - first
        }
      }
      return 0
    case .segments(let table):
      guard code <= 0xFFFF else { return 0 }
      let doubled = try file.number(at: table + 6, 2)
      for index in 0..<doubled / 2 where code <= (try file.number(at: table + 14 + 2 * index, 2)) {
        let first = try file.number(at: table + 16 + doubled + 2 * index, 2)
        guard first <= code else { return 0 }
        let delta = try file.number(at: table + 16 + 2 * doubled + 2 * index, 2)
        let place = table + 16 + 3 * doubled + 2 * index
        let range = try file.number(at: place, 2)
        if range == 0 { return (code + delta) & 0xFFFF }
        let found = try file.number(at: place + range + 2 * (code - first), 2)
        return found == 0 ? 0 : (found + delta) & 0xFFFF
      }
      return 0
    }
  }

  /// How far the pen moves, in font units.
  func advance(of glyph: Int) throws(Malformed) -> Int {
    guard let metrics = tables["hmtx"] else { return unitsPerEm }
    return try Reader(bytes).number(at: metrics.lowerBound + 4 * min(glyph, metricsCount - 1), 2)
  }

  /// Where the outline of a glyph stands in the file; `nil` for a blank one.
  func location(of glyph: Int) throws(Malformed) -> Int? {
    guard glyph < glyphCount, let places = tables["loca"], let outlines = tables["glyf"] else { return nil }
    let file = Reader(bytes)
    func offset(_ index: Int) throws(Malformed) -> Int {
      hasLongLocations
        ? try file.number(at: places.lowerBound + 4 * index, 4)
        : 2 * (try file.number(at: places.lowerBound + 2 * index, 2))
    }
    let (start, end) = (try offset(glyph), try offset(glyph + 1))
    return end > start ? outlines.lowerBound + start : nil
  }

  /// Big-endian numbers of the file, checked.
  struct Reader {
    private let bytes: Data

    init(_ bytes: Data) { self.bytes = bytes }

    func number(at offset: Int, _ count: Int) throws(Malformed) -> Int {
      guard offset >= 0, offset <= bytes.count - count else { throw Malformed(what: "it ends too early") }
      var value = 0
      for index in offset..<offset + count { value = value << 8 | Int(bytes[index]) }
      return value
    }

    func signed(at offset: Int) throws(Malformed) -> Int {
      let value = try number(at: offset, 2)
      return value < 0x8000 ? value : value - 0x1_0000
    }
  }
}
