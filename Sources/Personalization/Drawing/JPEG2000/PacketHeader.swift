/// Bits of a packet's header, highest first; after FF a zero bit is put in (ISO/IEC 15444-1, B.10.1).
struct PacketBits {
  private(set) var bytes: [UInt8] = []
  private var byte: UInt8 = 0
  private var room = 8

  mutating func put(_ bit: Bool) {
    room -= 1
    if bit { byte |= 1 << UInt8(room) }
    if room == 0 { flush() }
  }

  mutating func put(_ value: Int, bits: Int) {
    for index in (0..<bits).reversed() { put(value >> index & 1 == 1) }
  }

  private mutating func flush() {
    bytes.append(byte)
    room = byte == 0xFF ? 7 : 8
    byte = 0
  }

  /// Fills the last byte up.
  mutating func finish() {
    if room < 8 { flush() }
    // A header does not end with FF.
    if room == 7 { flush() }
  }
}

/// A tag tree (B.10.2): a table of numbers, told number by number, each no more than is still unknown.
struct TagTree {
  private struct Node {
    var value = Int.max
    var low = 0
    var isKnown = false
    var parent: Int?
  }

  private var nodes: [Node] = []

  init(width: Int, height: Int, values: [Int]) {
    var (columns, rows, start) = (width, height, 0)
    repeat {
      let next = start + columns * rows
      let isRoot = columns * rows <= 1
      for row in 0..<rows {
        for column in 0..<columns {
          nodes.append(Node(parent: isRoot ? nil : next + row / 2 * ((columns + 1) / 2) + column / 2))
        }
      }
      guard !isRoot else { break }
      (columns, rows, start) = ((columns + 1) / 2, (rows + 1) / 2, next)
    } while true
    for (leaf, value) in values.enumerated() {
      var place: Int? = leaf
      while let index = place, nodes[index].value > value {
        nodes[index].value = value
        place = nodes[index].parent
      }
    }
  }

  /// Tells whether a leaf's number is below a threshold, and which it is then.
  mutating func encode(_ leaf: Int, below threshold: Int, into bits: inout PacketBits) {
    var path: [Int] = []
    var place: Int? = leaf
    while let index = place {
      path.append(index)
      place = nodes[index].parent
    }
    var low = 0
    for index in path.reversed() {
      low = max(low, nodes[index].low)
      while low < threshold {
        guard low < nodes[index].value else {
          if !nodes[index].isKnown { bits.put(true) }
          nodes[index].isKnown = true
          break
        }
        bits.put(false)
        low += 1
      }
      nodes[index].low = low
    }
  }
}

/// The number of coding passes as a packet's header tells it (Table B.4).
enum PassCount {
  static func put(_ count: Int, into bits: inout PacketBits) {
    switch count {
    case 1: bits.put(0, bits: 1)
    case 2: bits.put(0b10, bits: 2)
    case 3...5: bits.put(0b1100 + count - 3, bits: 4)
    case 6...36: bits.put(0b1111 << 5 + count - 6, bits: 9)
    default: bits.put(0b1_1111_1111 << 7 + count - 37, bits: 16)
    }
  }
}
