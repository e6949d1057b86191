/// A picture in grey, 0 black to 255 white.
struct Picture: Equatable {
  let width: Int
  let height: Int
  /// Row by row.
  private(set) var pixels: [UInt8]

  init(width: Int, height: Int, grey: UInt8 = 255) {
    self.width = max(1, width)
    self.height = max(1, height)
    pixels = [UInt8](repeating: grey, count: self.width * self.height)
  }

  subscript(x: Int, y: Int) -> UInt8 {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }

  /// Fills an outline, its border blended.
  mutating func fill(_ outline: Outline, grey: Int) {
    ScanlineFill.fill(outline, width: width, height: height) { x, y, coverage in
      let below = Int(self[x, y])
      self[x, y] = UInt8(clamping: (below * (ScanlineFill.whole - coverage) + grey * coverage) / ScanlineFill.whole)
    }
  }

  /// Fills an outline without grey: a pixel is black when half of it or more is inside.
  mutating func stamp(_ outline: Outline) {
    ScanlineFill.fill(outline, width: width, height: height) { x, y, coverage in
      if 2 * coverage >= ScanlineFill.whole { self[x, y] = 0 }
    }
  }
}
