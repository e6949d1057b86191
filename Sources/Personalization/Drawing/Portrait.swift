import Cryptography

/// The photograph of somebody who does not exist: a drawn face, plainly a drawing, that follows from a seed.
struct Portrait {
  /// What a face looks like, of what the card knows.
  struct Sitter: Hashable, Sendable {
    var isFemale: Bool
    /// In years, more or less, on the day on which the card was made.
    var age: Int
    /// Whether there is anybody: cards of infants have no photograph.
    var isOnPicture: Bool
    var seed: UInt64
  }

  static let width = 192
  static let height = 240

  private let sitter: Sitter
  private var random: SeededRandom
  private var picture = Picture(width: Portrait.width, height: Portrait.height, grey: 0xE4)

  // The face, in pixels.
  private let centerX = Portrait.width / 2
  private var centerY = 112
  private var faceWidth = 48
  private var faceHeight = 62
  private var skin = 0xD8
  private var hair = 0x30
  private static let ink = 0x38

  private init(_ sitter: Sitter) {
    self.sitter = sitter
    random = SeededRandom(label: "portrait", seed: sitter.seed)
  }

  /// Draws.
  static func picture(of sitter: Sitter) -> Picture {
    guard sitter.isOnPicture else { return Picture(width: width, height: height, grey: 0xF4) }
    var portrait = Portrait(sitter)
    portrait.choose()
    portrait.draw()
    return portrait.picture
  }

  private mutating func pick(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(random.number(below: UInt64(range.count)))
  }

  private mutating func choose() {
    let isChild = sitter.age < 13
    faceWidth = pick(45...52) - (isChild ? 2 : 0)
    faceHeight = isChild ? pick(52...56) : pick(59...66)
    centerY = isChild ? 120 : 112
    skin = pick(0xCC...0xE0)
    hair =
      switch sitter.age {
      case 75...: pick(0xB0...0xC8)
      case 60...: pick(0x68...0x98)
      default: pick(0x20...0x44)
      }
  }

  private mutating func draw() {
    let longHair = sitter.isFemale && pick(0...2) > 0
    let parting = pick(-24...24)
    if longHair { drawHairBehind() }
    drawShoulders()
    ellipse(-faceWidth, 4, 8, 13, skin - 14)
    ellipse(faceWidth, 4, 8, 13, skin - 14)
    ellipse(0, 0, faceWidth, faceHeight, skin)
    drawFringe(parting: parting, isShort: !longHair)
    drawEyes()
    drawNoseAndMouth()
    if sitter.age >= 45 && pick(0...2) > 0 || pick(0...5) == 0 { drawGlasses() }
    if sitter.age >= 65 { drawLines() }
  }

  // MARK: - Parts

  private func point(_ x: Int, _ y: Int) -> Outline.Point {
    Outline.Point(x: (centerX + x) * Outline.scale, y: (centerY + y) * Outline.scale)
  }

  private mutating func ellipse(_ x: Int, _ y: Int, _ radiusX: Int, _ radiusY: Int, _ grey: Int) {
    picture.fill(.ellipse(point(x, y), radiusX * Outline.scale, radiusY * Outline.scale), grey: grey)
  }

  /// A polygon whose sides are curves through the points: every second one is a control point.
  private mutating func blob(_ points: [(x: Int, y: Int)], _ grey: Int) {
    guard let first = points.first else { return }
    var outline = Outline()
    outline.move(to: point(first.x, first.y))
    for index in stride(from: 1, to: points.count, by: 2) {
      let end = index + 1 < points.count ? points[index + 1] : first
      outline.curve(to: point(end.x, end.y), control: point(points[index].x, points[index].y))
    }
    picture.fill(outline, grey: grey)
  }

  private mutating func drawShoulders() {
    let cloth = pick(0x48...0x98)
    let bottom = Self.height - centerY
    blob([(-86, bottom), (-84, 84), (-30, 80), (0, 96), (30, 80), (84, 84), (86, bottom), (0, bottom)], cloth)
    blob([(-20, 40), (-22, 70), (-24, 84), (0, 112), (24, 84), (22, 70), (20, 40), (0, 40)], skin - 18)
    blob([(-32, 80), (-24, 92), (0, 110), (-20, 104)], 0xF0)
    blob([(32, 80), (24, 92), (0, 110), (20, 104)], 0xF0)
  }

  private mutating func drawHairBehind() {
    let drop = pick(60...100)
    let wide = faceWidth + 14
    blob(
      [
        (-wide, 0), (-wide, -80), (0, -78), (wide, -80), (wide, 0), (wide + 4, drop), (30, drop), (0, drop - 20),
        (-30, drop), (-wide - 4, drop),
      ], hair)
  }

  private mutating func drawFringe(parting: Int, isShort: Bool) {
    let wide = faceWidth + (isShort ? 4 : 10)
    let top = -faceHeight - 16
    let low = isShort ? -8 : 20
    blob(
      [
        (-wide, low), (-wide - 6, top), (0, top), (wide + 6, top), (wide, low), (wide - 6, -30), (parting + 24, -34),
        (parting + 8, -40), (parting, -faceHeight + 14), (parting - 12, -38), (-wide + 14, -28), (-wide + 4, -20),
      ], hair)
  }

  private mutating func drawEyes() {
    let apart = pick(19...24)
    let high = sitter.age < 13 ? 6 : -2
    let size = sitter.age < 13 ? 7 : pick(4...6)
    let slant = pick(-2...2)
    for side in [-1, 1] {
      ellipse(side * apart, high, 11, size + 1, 0xF8)
      ellipse(side * apart, high, size, size, Self.ink)
      ellipse(side * apart + 2, high - 2, 2, 2, 0xF8)
      let brow = high - 16
      blob(
        [
          (side * (apart - 12), brow + slant), (side * apart, brow - 7), (side * (apart + 13), brow + 2),
          (side * apart, brow - 2),
        ], min(hair, 0x90))
    }
  }

  private mutating func drawNoseAndMouth() {
    let long = pick(14...20)
    blob([(-1, 4), (-4, long), (-8, long + 4), (0, long + 9), (7, long + 4), (0, long + 5)], skin - 44)
    let smile = pick(1...8)
    let half = pick(14...20)
    let mouth = faceHeight - 26
    blob([(-half, mouth), (0, mouth + smile), (half, mouth), (0, mouth + smile + 8)], sitter.isFemale ? 0x78 : 0x88)
  }

  private mutating func drawGlasses() {
    for side in [-1, 1] {
      var ring = Outline.ellipse(point(side * 22, 0), 18 * Outline.scale, 15 * Outline.scale)
      // The hole runs the other way round, so that the winding number inside is zero.
      let hole = Outline.ellipse(point(side * 22, 0), 16 * Outline.scale, 13 * Outline.scale)
      for polygon in hole.polygons {
        for (index, corner) in polygon.reversed().enumerated() {
          if index == 0 { ring.move(to: corner) } else { ring.line(to: corner) }
        }
      }
      picture.fill(ring, grey: Self.ink)
    }
    blob([(-5, -2), (0, -6), (5, -2), (0, -3)], Self.ink)
  }

  private mutating func drawLines() {
    for side in [-1, 1] {
      blob([(side * 20, 22), (side * 27, 30), (side * 26, 38), (side * 29, 30)], skin - 40)
    }
    blob([(-20, -38), (0, -42), (20, -38), (0, -40)], skin - 36)
  }
}
