/// The reversible 5/3 transform (ISO/IEC 15444-1, Annex F), in place: low frequencies come to lie at the left and above.
struct Wavelet {
  let width: Int
  let height: Int
  /// How often the low frequencies are split again.
  let levels: Int
  private(set) var coefficients: [Int32]

  /// A subband: its part of the coefficients, and what its position says of it.
  struct Band {
    /// Which frequencies are high.
    enum Kind {
      case low
      case highAcross
      case highDown
      case highBoth

      /// log2 of the gain: how many bits more than a pixel a coefficient may take.
      var gain: Int {
        switch self {
        case .low: 0
        case .highAcross, .highDown: 1
        case .highBoth: 2
        }
      }
    }

    var kind: Kind
    /// 1 for the finest split.
    var level: Int
    var x: Int
    var y: Int
    var width: Int
    var height: Int
  }

  /// Transforms samples that lie around zero.
  init(_ samples: [Int32], width: Int, height: Int, levels: Int) {
    (self.width, self.height, self.levels, coefficients) = (width, height, levels, samples)
    var (columns, rows) = (width, height)
    for _ in 0..<levels {
      for row in 0..<rows { split(from: row * width, step: 1, count: columns) }
      for column in 0..<columns { split(from: column, step: width, count: rows) }
      (columns, rows) = ((columns + 1) / 2, (rows + 1) / 2)
    }
  }

  /// One row or column: every second value less the mean of its neighbours, the rest smoothed with what that left.
  private mutating func split(from start: Int, step: Int, count: Int) {
    guard count > 1 else { return }
    var line = (0..<count).map { coefficients[start + $0 * step] }
    // At the ends the line is mirrored.
    for index in stride(from: 1, to: count, by: 2) {
      line[index] -= (line[index - 1] + line[index + 1 < count ? index + 1 : index - 1]) >> 1
    }
    for index in stride(from: 0, to: count, by: 2) {
      let before = line[index > 0 ? index - 1 : 1]
      let after = line[index + 1 < count ? index + 1 : index - 1]
      line[index] += (before + after + 2) >> 2
    }
    let low = (count + 1) / 2
    for index in 0..<count {
      coefficients[start + (index % 2 == 0 ? index / 2 : low + index / 2) * step] = line[index]
    }
  }

  /// The subbands, resolution by resolution from the coarsest.
  var resolutions: [[Band]] {
    var sizes = [(width, height)]
    for _ in 0..<levels { sizes.append(((sizes[sizes.count - 1].0 + 1) / 2, (sizes[sizes.count - 1].1 + 1) / 2)) }
    let coarsest = sizes[levels]
    var result = [[Band(kind: .low, level: levels, x: 0, y: 0, width: coarsest.0, height: coarsest.1)]]
    for level in stride(from: levels, to: 0, by: -1) {
      let (whole, low) = (sizes[level - 1], sizes[level])
      let high = (whole.0 - low.0, whole.1 - low.1)
      result.append([
        Band(kind: .highAcross, level: level, x: low.0, y: 0, width: high.0, height: low.1),
        Band(kind: .highDown, level: level, x: 0, y: low.1, width: low.0, height: high.1),
        Band(kind: .highBoth, level: level, x: low.0, y: low.1, width: high.0, height: high.1),
      ])
    }
    return result
  }
}
