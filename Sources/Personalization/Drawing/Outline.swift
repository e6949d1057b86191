/// Closed curves, flattened to polygons, in 64ths of a pixel, y downwards. Whole numbers throughout, so that a picture
/// has the same bytes on every machine.
struct Outline {
  /// Units per pixel.
  static let scale = 64

  /// A point in 64ths of a pixel.
  struct Point: Equatable {
    var x: Int
    var y: Int
  }

  /// The polygons; each closes itself.
  private(set) var polygons: [[Point]] = []

  init() {}

  /// Begins a polygon.
  mutating func move(to point: Point) { polygons.append([point]) }

  /// Adds a straight line to the polygon that was begun last.
  mutating func line(to point: Point) {
    guard !polygons.isEmpty else { return move(to: point) }
    polygons[polygons.count - 1].append(point)
  }

  /// Adds a quadratic curve, in so many straight pieces that none shows at the sizes of a card face.
  mutating func curve(to end: Point, control: Point) {
    guard let start = polygons.last?.last else { return move(to: end) }
    let reach = abs(end.x - start.x) + abs(end.y - start.y) + abs(control.x - start.x) + abs(control.y - start.y)
    let pieces = reach < 4 * Self.scale ? 4 : reach < 32 * Self.scale ? 8 : 16
    for step in 1...pieces {
      let rest = pieces - step
      let weights = (rest * rest, 2 * rest * step, step * step)
      line(
        to: Point(
          x: (weights.0 * start.x + weights.1 * control.x + weights.2 * end.x) / (pieces * pieces),
          y: (weights.0 * start.y + weights.1 * control.y + weights.2 * end.y) / (pieces * pieces)))
    }
  }

  /// An ellipse around a centre, of eight curves.
  static func ellipse(_ center: Point, _ radiusX: Int, _ radiusY: Int) -> Outline {
    // sin 45° and tan 22.5° in 1/1024.
    let diagonal = 724
    let control = 424
    let around: [(Int, Int)] = [
      (1024, 0), (1024, control), (diagonal, diagonal), (control, 1024), (0, 1024), (-control, 1024),
      (-diagonal, diagonal), (-1024, control), (-1024, 0), (-1024, -control), (-diagonal, -diagonal),
      (-control, -1024), (0, -1024), (control, -1024), (diagonal, -diagonal), (1024, -control), (1024, 0),
    ]
    let points = around.map { Point(x: center.x + $0.0 * radiusX / 1024, y: center.y + $0.1 * radiusY / 1024) }
    var outline = Outline()
    outline.move(to: points[0])
    for index in stride(from: 2, to: points.count, by: 2) {
      outline.curve(to: points[index], control: points[index - 1])
    }
    return outline
  }
}
