import Cryptography
import Synchronization

/// JPEG 2000 in a JP2 container (ISO/IEC 15444-1): one component of eight bits, one tile, one layer, the reversible transform with its
/// lowest bit planes left out. Integers only, so that a picture gives the same bytes on every machine.
enum JPEG2000Encoder {
  /// Of packets; with its headers a file then has two kilobytes and a half at most.
  private static let mostBytes = 2400
  private static let levels = 5
  /// Sides of code-blocks, as a power of two.
  private static let blockExponent = 6
  private static let guardBits = 2
  private static let depth = 8

  /// What has been encoded in this process: many tests mint the same people again and again.
  private static let known = Mutex<[[UInt8]: [UInt8]]>([:])
  private static let knownMax = 256

  /// The file of a picture.
  static func encode(_ picture: Picture) -> [UInt8] {
    let key = SHA256.digest(bigEndian(UInt32(clamping: picture.width)) + picture.pixels)
    if let found = known.withLock({ $0[key] }) { return found }
    let result = file(of: picture)
    known.withLock {
      if $0.count >= knownMax { $0.removeAll() }
      $0[key] = result
    }
    return result
  }

  private static func file(of picture: Picture) -> [UInt8] {
    let (width, height) = (picture.width, picture.height)
    let samples = picture.pixels.map { Int32($0) - 128 }
    let resolutions = blocks(of: Wavelet(samples, width: width, height: height, levels: levels))
    var quality = Quality.finest
    var packets = resolutions.flatMap { packet($0, quality) }
    while packets.count > mostBytes, let coarser = quality.coarser {
      quality = coarser
      packets = resolutions.flatMap { packet($0, quality) }
    }
    let stream = codestream(resolutions, packets, width: width, height: height)
    let size = bigEndian(UInt32(clamping: height)) + bigEndian(UInt32(clamping: width))
    let header =
      box("ihdr", size + [0, 1, UInt8(depth - 1), 7, 0, 0])
      // Enumerated colour space 17: grey.
      + box("colr", [1, 0, 0, 0, 0, 0, 17])
    return box("jP  ", [0x0D, 0x0A, 0x87, 0x0A]) + box("ftyp", Array("jp2 ".utf8) + [0, 0, 0, 0] + Array("jp2 ".utf8))
      + box("jp2h", header) + box("jp2c", stream)
  }

  private static func box(_ type: String, _ data: [UInt8]) -> [UInt8] {
    bigEndian(UInt32(clamping: data.count + 8)) + Array(type.utf8) + data
  }

  // MARK: - The code stream (Annex A)

  private static func codestream(
    _ resolutions: [[CodedBand]], _ packets: [UInt8], width: Int, height: Int
  ) -> [UInt8] {
    let size = bigEndian(UInt32(clamping: width)) + bigEndian(UInt32(clamping: height))
    let origin = [UInt8](repeating: 0, count: 8)
    let sizes = segment(0x51, [0, 0] + size + origin + size + origin + [0, 1, UInt8(depth - 1), 1, 1])
    let block = UInt8(blockExponent - 2)
    // Progression by layer, one layer, no component transform; levels, code-blocks, plain passes, the 5/3 transform.
    let coding = segment(0x52, [0, 0, 0, 1, 0, UInt8(levels), block, block, 0, 1])
    let exponents = resolutions.joined().map { UInt8((depth + $0.band.kind.gain) << 3) }
    let quantization = segment(0x5C, [UInt8(guardBits << 5)] + exponents)
    let tile = [0xFF, 0x90, 0, 10, 0, 0] + bigEndian(UInt32(clamping: packets.count + 14)) + [0, 1, 0xFF, 0x93]
    return [0xFF, 0x4F] + sizes + coding + quantization + tile + packets + [0xFF, 0xD9]
  }

  private static func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
    let length = UInt16(clamping: data.count + 2)
    return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + data
  }

  /// A subband and its code-blocks, row by row.
  private struct CodedBand {
    var band: Wavelet.Band
    var columns = 0
    var rows = 0
    var blocks: [CodeBlock] = []
  }

  private static func blocks(of wavelet: Wavelet) -> [[CodedBand]] {
    let side = 1 << blockExponent
    return wavelet.resolutions.map { bands in
      bands.map { band in
        guard band.width > 0, band.height > 0 else { return CodedBand(band: band) }
        let (columns, rows) = ((band.width + side - 1) / side, (band.height + side - 1) / side)
        let blocks = (0..<columns * rows).map { index in
          let (x, y) = (index % columns * side, index / columns * side)
          return CodeBlock(
            wavelet.coefficients, of: wavelet.width, x: band.x + x, y: band.y + y, width: min(side, band.width - x),
            height: min(side, band.height - y), kind: band.kind, dropped: Quality.finest.planesDropped(in: band))
        }
        return CodedBand(band: band, columns: columns, rows: rows, blocks: blocks)
      }
    }
  }

  /// All of one resolution (B.9, B.10).
  private static func packet(_ bands: [CodedBand], _ quality: Quality) -> [UInt8] {
    var bits = PacketBits()
    var body: [UInt8] = []
    bits.put(true)
    for coded in bands where !coded.blocks.isEmpty {
      let dropped = quality.planesDropped(in: coded.band)
      let codes = coded.blocks.map { $0.code(dropping: dropped) }
      let most = guardBits + depth + coded.band.kind.gain - 1
      let zeroes = coded.blocks.map { most - $0.planes }
      var inclusion = TagTree(width: coded.columns, height: coded.rows, values: codes.map { $0.passes > 0 ? 0 : 1 })
      var zeroPlanes = TagTree(width: coded.columns, height: coded.rows, values: zeroes)
      for (index, code) in codes.enumerated() {
        inclusion.encode(index, below: 1, into: &bits)
        guard code.passes > 0 else { continue }
        zeroPlanes.encode(index, below: zeroes[index] + 1, into: &bits)
        PassCount.put(code.passes, into: &bits)
        put(length: code.bytes.count, passes: code.passes, into: &bits)
        body += code.bytes
      }
    }
    bits.finish()
    return bits.bytes + body
  }

  /// A length has three bits and log2 of the passes; more are announced with ones (B.10.7).
  private static func put(length: Int, passes: Int, into bits: inout PacketBits) {
    let usual = 3 + Int.bitWidth - 1 - passes.leadingZeroBitCount
    let needed = max(usual, Int.bitWidth - length.leadingZeroBitCount)
    for _ in usual..<needed { bits.put(true) }
    bits.put(false)
    bits.put(length, bits: needed)
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) } }

  // MARK: - How much is left out

  /// How many of the lowest planes are left out, in eighths of a plane, before the weight of a subband.
  private struct Quality {
    var eighths: Int

    static let finest = Quality(eighths: 30)
    private static let coarsest = 80
    var coarser: Quality? { eighths < Self.coarsest ? Quality(eighths: eighths + 1) : nil }

    /// How much an error in a subband counts: the L2 norms of the 5/3 synthesis, log2 in eighths, from the finest level.
    private static let lowNorms = [5, 12, 19, 27, 35]
    private static let mixedNorms = [0, 5, 12, 20, 28]
    private static let highNorms = [-4, -1, 5, 13, 21]

    func planesDropped(in band: Wavelet.Band) -> Int {
      let norms =
        switch band.kind {
        case .low: Self.lowNorms
        case .highAcross, .highDown: Self.mixedNorms
        case .highBoth: Self.highNorms
        }
      return max(0, (eighths - norms[min(band.level, norms.count) - 1]) >> 3)
    }
  }
}
