/// Writes text as the card face shows it: black on white, wrapped, without hyphens.
struct TextDrawing {
  let font: TrueTypeFont
  /// The height of a line and of a full-width character, in pixels.
  let size: Int
  /// The longest line, in full-width characters.
  let charactersPerLine: Int

  /// What stands for a character that the font does not have: 〓, as print shops set it.
  private static let substitute: Unicode.Scalar = "\u{3013}"

  /// A picture of the text, as wide as its longest line and as high as its lines.
  func picture(of text: String) throws(TrueTypeFont.Malformed) -> Picture {
    let reader = GlyphReader(font)
    let longest = charactersPerLine * size * Outline.scale
    let box = font.ascent - font.descent
    let lineHeight = size * Outline.scale
    // The em box stands in the middle of the line, whatever the font says of its ascent.
    let rise = font.ascent * lineHeight / max(1, box)
    var outline = Outline()
    var (pen, widest, line) = (0, 0, 0)
    for scalar in text.unicodeScalars where !Self.isInvisible(scalar) {
      var glyph = try font.glyph(of: scalar)
      if glyph == 0 { glyph = try font.glyph(of: Self.substitute) }
      // No character is wider than two, whatever a broken font says.
      let advance = min(2 * lineHeight, try font.advance(of: glyph) * lineHeight / font.unitsPerEm)
      if pen > 0 && pen + advance > longest {
        (pen, line) = (0, line + 1)
      }
      outline.add(
        contours: try reader.contours(of: glyph), unitsPerEm: font.unitsPerEm, size: size, pen: pen,
        baseline: line * lineHeight + rise)
      pen += advance
      widest = max(widest, pen)
    }
    var picture = Picture(width: (widest + Outline.scale - 1) / Outline.scale, height: (line + 1) * size)
    picture.stamp(outline)
    return picture
  }

  /// Variation selectors and the like: the base character is drawn.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isVariationSelector || scalar.properties.isDefaultIgnorableCodePoint
  }
}
