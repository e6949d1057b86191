import Cryptography
import Foundation
import Testing

@testable import Personalization

@Suite("Drawing")
struct DrawingTests {
  private static let python = "/usr/bin/python3"

  /// Runs Python on a file that holds `bytes`; what it prints.
  private func decode(_ bytes: [UInt8], _ program: String, name: String = "picture") throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.python)
    process.arguments = ["-c", program, file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// PNG by hand with Python's zlib: checks every CRC and prints width, height, depth and colour type, then the rows.
  private static let png = """
    import sys, struct, zlib
    data = open(sys.argv[1], 'rb').read()
    assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
    at, head, body = 8, b'', b''
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at+8])
        chunk = data[at+8:at+8+size]
        assert zlib.crc32(kind + chunk) == struct.unpack('>I', data[at+8+size:at+12+size])[0]
        if kind == b'IHDR': head = chunk
        if kind == b'IDAT': body += chunk
        at += 12 + size
    w, h, depth, colour = struct.unpack('>IIBB', head[:10])
    rows, line = zlib.decompress(body), (w * depth + 7) // 8 + 1
    assert len(rows) == line * h
    print(w, h, depth, colour)
    for y in range(h):
        bits = ''.join(format(b, '08b') for b in rows[y*line+1:(y+1)*line])[:w]
        print(bits.replace('1', '.').replace('0', '#'))
    """

  @Test("A PNG holds exactly the pixels that were drawn", .enabled(if: FileManager.default.fileExists(atPath: python)))
  func png() throws {
    var random = SeededRandom(label: "png test", seed: 1)
    for size in [(1, 1), (7, 3), (8, 8), (72, 12), (480, 240)] {
      var picture = Picture(width: size.0, height: size.1)
      for y in 0..<size.1 { for x in 0..<size.0 where random.number(below: 5) == 0 { picture[x, y] = 0 } }
      let lines = try decode(PNGEncoder.oneBit(picture), Self.png).split(separator: "\n").map(String.init)
      #expect(lines[0] == "\(size.0) \(size.1) 1 0")
      for y in 0..<size.1 {
        #expect(lines[y + 1] == String((0..<size.0).map { picture[$0, y] == 0 ? "#" : "." }))
      }
    }
  }

  @Test(
    "Deflate: repetitions near and far, long and short", .enabled(if: FileManager.default.fileExists(atPath: python)))
  func deflate() throws {
    var random = SeededRandom(label: "deflate test", seed: 1)
    let noise = random.bytes(40_000)
    let inputs: [[UInt8]] = [
      [], [0], [UInt8](repeating: 7, count: 3), [UInt8](repeating: 7, count: 259),
      [UInt8](repeating: 7, count: 100_000),
      noise, Array(noise.prefix(300) + noise.prefix(300)), noise + Array(noise.prefix(9000)),
      (0..<70_000).map { UInt8($0 / 700 % 256) },
    ]
    for input in inputs {
      let sum = try decode(
        Deflate.zlib(input),
        "import sys,zlib,hashlib\nprint(hashlib.sha256(zlib.decompress(open(sys.argv[1],'rb').read())).hexdigest())")
      #expect(sum == SHA256.digest(input).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
  }

  @Test("Digits have the measured sizes and can be told apart")
  func digits() {
    #expect(DigitDrawing.picture(of: "2285").width == 24)
    #expect(DigitDrawing.picture(of: "537686677188").width == 72)
    #expect(DigitDrawing.picture(of: "1").height == 12)
    #expect(Set((0...9).map { DigitDrawing.picture(of: "\($0)").pixels }).count == 10)
  }

  @Test("Text is drawn, wraps, and an unknown character becomes 〓")
  func text() throws {
    let drawing = TextDrawing(font: try FaceFont.load(), size: 24, charactersPerLine: 20)
    let short = try drawing.picture(of: "見本　花子")
    #expect((short.width, short.height) == (120, 24))
    let ink = short.pixels.count { $0 == 0 }
    #expect(ink > 300 && ink < 1200)
    let long = try drawing.picture(of: String(repeating: "架", count: 41))
    #expect((long.width, long.height) == (480, 72))
    let strange = try drawing.picture(of: "\u{10FFFD}")
    #expect(strange == (try drawing.picture(of: "〓")))
    // A variation selector leaves the base character as it is.
    #expect(try drawing.picture(of: "葛\u{E0100}") == drawing.picture(of: "葛"))
    #expect(try drawing.picture(of: "").pixels.allSatisfy { $0 == 255 })
  }

  private static let decoder = "/usr/bin/opj_decompress"

  /// What OpenJPEG makes of a JP2 file: width and height, then the pixels.
  private func decoded(_ bytes: [UInt8]) throws -> (size: String, pixels: [UInt8]) {
    let program = """
      import subprocess, sys
      subprocess.run(['\(Self.decoder)', '-i', sys.argv[1], '-o', sys.argv[1] + '.pgm', '-quiet'], check=True, stdout=2)
      data = open(sys.argv[1] + '.pgm', 'rb').read()
      words = b' '.join(line for line in data[:200].split(b'\\n')[:4] if line[:1] != b'#').split()
      size = int(words[1]) * int(words[2])
      print(words[1].decode(), words[2].decode(), data[-size:].hex())
      """
    // OpenJPEG goes by the name.
    let answer = try decode(bytes, program, name: "picture.jp2")
    let words = answer.split(separator: " ").map(String.init)
    try #require(words.count == 3)
    return ("\(words[0]) \(words[1])", [UInt8](hex: words[2]) ?? [])
  }

  @Test(
    "A photograph is what was drawn, in another's eyes", .enabled(if: FileManager.default.fileExists(atPath: decoder)))
  func photograph() throws {
    for (age, seed) in [(36, 1), (8, 2), (81, 3), (50, 4)] {
      let sitter = Portrait.Sitter(isFemale: seed % 2 == 0, age: age, isOnPicture: true, seed: UInt64(seed))
      let picture = Portrait.picture(of: sitter)
      let bytes = JPEG2000Encoder.encode(picture)
      #expect((1500...2600).contains(bytes.count))
      let (size, pixels) = try decoded(bytes)
      #expect(size == "192 240")
      // The mean square of the error: below 30 it takes a close look.
      let error = zip(pixels, picture.pixels).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
      #expect(error / pixels.count < 30)
    }
  }

  @Test(
    "Pictures of any size and kind are encoded", .enabled(if: FileManager.default.fileExists(atPath: decoder)),
    arguments: [(1, 1), (1, 9), (7, 1), (2, 3), (5, 64), (64, 64), (65, 33), (130, 129)])
  func jpeg2000(width: Int, height: Int) throws {
    var random = SeededRandom(label: "jpeg 2000", seed: UInt64(width * 1000 + height))
    for kind in 0..<3 {
      var picture = Picture(width: width, height: height, grey: kind == 0 ? 0 : 255)
      if kind > 0 {
        for y in 0..<height {
          for x in 0..<width { picture[x, y] = kind == 1 ? UInt8((x * 3 + y) & 0xFF) : random.bytes(1)[0] }
        }
      }
      let (size, pixels) = try decoded(JPEG2000Encoder.encode(picture))
      #expect(size == "\(width) \(height)")
      let furthest = zip(pixels, picture.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
      // Noise may lose much; what is smooth may not.
      #expect(kind == 2 || furthest < 40, "kind \(kind), \(furthest)")
    }
  }

  @Test("A photograph is the same on every machine")
  func sameBytes() {
    let picture = Portrait.picture(of: .init(isFemale: true, age: 36, isOnPicture: true, seed: 1))
    let digest = SHA256.digest(JPEG2000Encoder.encode(picture)).hexString
    #expect(digest == "446E8DADDAC2DCA32F202508479F837A89FD05EB3B88FA4B71B0E869EBE7C43F")
  }

  @Test("Every sitter is another, and none leaves the picture")
  func sitters() {
    var seen: Set<[UInt8]> = []
    for seed in 0..<20 {
      for (isFemale, age) in [(true, 3), (false, 9), (true, 36), (false, 50), (true, 80), (false, 97)] {
        seen.insert(
          Portrait.picture(of: .init(isFemale: isFemale, age: age, isOnPicture: true, seed: UInt64(seed))).pixels)
      }
    }
    #expect(seen.count == 120)
  }

  @Test("A font that is missing or none is refused with advice", arguments: ["/nonexistent.ttf", "/etc/passwd"])
  func missingFont(path: String) {
    let fault = #expect(throws: FaceFault.self) { try FaceFont.load(environment: ["VMYNA_FONT": path]) }
    #expect(fault?.fix.contains("apt-get install fonts-ipaexfont-gothic") == true)
    #expect(fault?.location == path)
  }

  @Test("A damaged font never does harm", arguments: 0..<40)
  func damagedFont(seed: UInt64) throws {
    var random = SeededRandom(label: "damaged font", seed: seed)
    let whole = try FaceFont.load().bytes
    var bytes = [UInt8](whole)
    if seed % 4 == 0 { bytes = Array(bytes.prefix(Int(random.number(below: UInt64(bytes.count))))) }
    // The directory and the small tables are where a mistake does most; the rest is hit at random.
    for _ in 0..<30 where !bytes.isEmpty {
      let range = random.number(below: 2) == 0 ? min(bytes.count, 4096) : bytes.count
      bytes[Int(random.number(below: UInt64(range)))] = UInt8(random.number(below: 256))
    }
    guard let font = try? TrueTypeFont(Data(bytes)) else { return }
    let drawing = TextDrawing(font: font, size: 24, charactersPerLine: 20)
    _ = try? drawing.picture(of: "見本　花子 愛知県名古屋市中区架空町１丁目２番３号 Anna-Maria")
  }
}
