/// A code-block: up to 64 × 64 coefficients of a subband, bit plane by bit plane (ISO/IEC 15444-1, Annex D).
struct CodeBlock {
  /// How many bits the largest magnitude has.
  let planes: Int
  /// The arithmetic code when the first plane alone is coded, the first two, and so on.
  private let codes: [[UInt8]]

  /// Codes a block.
  /// - Parameter dropped: the lowest planes that will be left out in any case.
  init(
    _ coefficients: [Int32], of stride: Int, x: Int, y: Int, width: Int, height: Int, kind: Wavelet.Band.Kind,
    dropped: Int
  ) {
    var coder = BitPlaneCoder(width: width, height: height, kind: kind)
    var largest: UInt32 = 0
    for row in 0..<height {
      for column in 0..<width {
        let value = coefficients[(y + row) * stride + x + column]
        coder.set(value, column, row)
        largest = max(largest, value.magnitude)
      }
    }
    planes = UInt32.bitWidth - largest.leadingZeroBitCount
    var codes: [[UInt8]] = []
    for plane in Swift.stride(from: planes - 1, through: dropped, by: -1) {
      if plane < planes - 1 {
        coder.propagate(UInt32(plane))
        coder.refine(UInt32(plane))
      }
      coder.cleanUp(UInt32(plane))
      // The code as it is when it ends here; the coder itself goes on.
      var ended = coder.coder
      codes.append(ended.finish())
    }
    self.codes = codes
  }

  /// The code without the lowest planes, and how many passes that is; none when nothing is left.
  func code(dropping dropped: Int) -> (passes: Int, bytes: [UInt8]) {
    let count = min(planes - dropped, codes.count)
    return count > 0 ? (3 * count - 2, codes[count - 1]) : (0, [])
  }
}

/// The three passes over a bit plane.
private struct BitPlaneCoder {
  var coder = MQEncoder()
  private let width: Int
  private let height: Int
  private let isHighBoth: Bool
  private let isHighAcross: Bool
  /// With a border of one coefficient all around.
  private let stride: Int
  private var magnitudes: [UInt32]
  private var isNegative: [Bool]
  /// 0 not yet significant, 1 significant: counted as neighbours.
  private var significance: [Int8]
  private var isRefined: [Bool]
  private var isVisited: [Bool]

  private static let stripe = 4

  init(width: Int, height: Int, kind: Wavelet.Band.Kind) {
    (self.width, self.height, isHighBoth, isHighAcross) = (width, height, kind == .highBoth, kind == .highAcross)
    stride = width + 2
    let count = stride * (height + 2)
    magnitudes = [UInt32](repeating: 0, count: count)
    significance = [Int8](repeating: 0, count: count)
    isNegative = [Bool](repeating: false, count: count)
    isRefined = isNegative
    isVisited = isNegative
  }

  mutating func set(_ value: Int32, _ column: Int, _ row: Int) {
    let place = (row + 1) * stride + column + 1
    magnitudes[place] = value.magnitude
    isNegative[place] = value < 0
  }

  private func neighbours(_ place: Int) -> (across: Int, down: Int, diagonal: Int) {
    let (above, below) = (place - stride, place + stride)
    return (
      Int(significance[place - 1] + significance[place + 1]), Int(significance[above] + significance[below]),
      Int(significance[above - 1] + significance[above + 1] + significance[below - 1] + significance[below + 1])
    )
  }

  /// Table D.1.
  private func significanceContext(_ place: Int) -> Int {
    var (across, down, diagonal) = neighbours(place)
    if isHighBoth {
      let straight = across + down
      return switch diagonal {
      case 0: min(straight, 2)
      case 1: 3 + min(straight, 2)
      case 2: straight > 0 ? 7 : 6
      default: 8
      }
    }
    if isHighAcross { (across, down) = (down, across) }
    return switch (across, down) {
    case (2, _): 8
    case (1, 0): diagonal > 0 ? 6 : 5
    case (1, _): 7
    case (_, 0): min(diagonal, 2)
    default: 2 + down
    }
  }

  /// Tables D.2 and D.3.
  private mutating func encodeSign(_ place: Int) {
    func sign(_ place: Int) -> Int { significance[place] == 0 ? 0 : isNegative[place] ? -1 : 1 }
    let across = max(-1, min(1, sign(place - 1) + sign(place + 1)))
    let down = max(-1, min(1, sign(place - stride) + sign(place + stride)))
    let isFlipped = across < 0 || across == 0 && down < 0
    let (a, d) = isFlipped ? (-across, -down) : (across, down)
    coder.encode(isNegative[place] != isFlipped, a == 0 ? 9 + d : 12 + d)
    significance[place] = 1
  }

  private func bit(_ place: Int, _ plane: UInt32) -> Bool { magnitudes[place] >> plane & 1 == 1 }

  /// What is not significant but has a neighbour that is.
  mutating func propagate(_ plane: UInt32) {
    for top in Swift.stride(from: 0, to: height, by: Self.stripe) {
      for column in 0..<width {
        for row in top..<min(top + Self.stripe, height) {
          let place = (row + 1) * stride + column + 1
          guard significance[place] == 0 else { continue }
          let context = significanceContext(place)
          guard context > 0 else { continue }
          let isOne = bit(place, plane)
          coder.encode(isOne, context)
          if isOne { encodeSign(place) }
          isVisited[place] = true
        }
      }
    }
  }

  /// One bit more of what was significant before.
  mutating func refine(_ plane: UInt32) {
    for top in Swift.stride(from: 0, to: height, by: Self.stripe) {
      for column in 0..<width {
        for row in top..<min(top + Self.stripe, height) {
          let place = (row + 1) * stride + column + 1
          guard significance[place] == 1, !isVisited[place] else { continue }
          let around = neighbours(place)
          let context = isRefined[place] ? 16 : around == (0, 0, 0) ? 14 : 15
          coder.encode(bit(place, plane), context)
          isRefined[place] = true
        }
      }
    }
  }

  /// The rest; a column of four with nothing around it is told in one decision.
  mutating func cleanUp(_ plane: UInt32) {
    for top in Swift.stride(from: 0, to: height, by: Self.stripe) {
      let bottom = min(top + Self.stripe, height)
      for column in 0..<width {
        var row = top
        let first = (top + 1) * stride + column + 1
        if bottom - top == Self.stripe, isAlone(first) {
          guard let run = (0..<Self.stripe).first(where: { bit(first + $0 * stride, plane) }) else {
            coder.encode(false, MQEncoder.runLength)
            continue
          }
          coder.encode(true, MQEncoder.runLength)
          coder.encode(run >= 2, MQEncoder.uniform)
          coder.encode(run % 2 == 1, MQEncoder.uniform)
          encodeSign(first + run * stride)
          row = top + run + 1
        }
        for row in row..<bottom {
          let place = (row + 1) * stride + column + 1
          if significance[place] == 0, !isVisited[place] {
            let isOne = bit(place, plane)
            coder.encode(isOne, significanceContext(place))
            if isOne { encodeSign(place) }
          }
        }
        for row in top..<bottom { isVisited[(row + 1) * stride + column + 1] = false }
      }
    }
  }

  /// Whether a column of four and everything around it is insignificant.
  private func isAlone(_ first: Int) -> Bool {
    var place = first - stride
    for _ in 0..<Self.stripe + 2 {
      if significance[place - 1] + significance[place] + significance[place + 1] != 0 { return false }
      place += stride
    }
    return true
  }
}
