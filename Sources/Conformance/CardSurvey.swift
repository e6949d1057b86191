import CardModel
import Cryptography
import ISO7816

/// What the card itself holds, read once: rows that speak of a file's content compare with this.
struct CardSurvey {
  private(set) var files: [String: [UInt8]] = [:]
  private(set) var records: [String: [UInt8]] = [:]
  private(set) var objects: [String: [UInt8]] = [:]
  /// PINs that the card refused; they are presented no more.
  private(set) var refusedPINs: Set<String> = []

  /// No file of the card is longer; a card that never ends is cut here.
  private static let longestFile = 0x8000
  private static let block = 0x100

  init(of reader: some ConformanceReader, by document: ModelDocument, pins: [String: [UInt8]]) throws {
    for application in document.applications {
      guard let id = [UInt8](hex: application.id), let length = UInt8(exactly: id.count) else { continue }
      try reader.power()
      guard try Self.send([0x00, 0xA4, 0x04, 0x0C, length] + id, to: reader).status.isSuccess else { continue }
      for (name, value) in pins.sorted(by: { $0.key < $1.key }) {
        guard let place = document.pin(name), place.application == application.name else { continue }
        if try !Self.present(value, at: place.file, tries: place.tries, to: reader) { refusedPINs.insert(name) }
      }
      for file in document.readableFiles(of: application.name) {
        guard let id = [UInt8](hex: file.id),
          try Self.send([0x00, 0xA4, 0x02, 0x0C, 0x02] + id, to: reader).status.isSuccess
        else { continue }
        let path = "\(application.name)/\(file.id)"
        if file.isRecords {
          let record = try Self.send([0x00, 0xB2, 0x01, 0x04, 0x00], to: reader)
          if record.status.isSuccess { records["\(path),1"] = record.data }
        } else {
          files[path] = try Self.content(from: reader)
        }
      }
    }
    try reader.power()
    for row in document.table("Data objects", "tag")?.rows ?? [] {
      guard let tag = [UInt8](hex: row["tag"]) else { continue }
      var answer = try Self.send([0x00, 0xCA] + tag + [0x00], to: reader)
      if answer.status == .wrongLength { answer = try Self.send([0x00, 0xCA] + tag + [0x00, 0x00, 0x00], to: reader) }
      if answer.status.isSuccess { objects["cardManager/\(row["tag"])"] = answer.data }
    }
  }

  /// Presents a PIN once, and only while nobody has spent a try on it.
  static func present(
    _ value: [UInt8], at file: String, tries: Int, to reader: some ConformanceReader
  ) throws -> Bool {
    guard let id = [UInt8](hex: file), let length = UInt8(exactly: value.count),
      try send([0x00, 0xA4, 0x02, 0x0C, 0x02] + id, to: reader).status.isSuccess,
      try send([0x00, 0x20, 0x00, 0x80], to: reader).status.triesLeft == tries
    else { return false }
    return try send([0x00, 0x20, 0x00, 0x80, length] + value, to: reader).status.isSuccess
  }

  private static func send(_ command: [UInt8], to reader: some ConformanceReader) throws -> ResponseAPDU {
    let bytes = try reader.transmit(command)
    guard let answer = ResponseAPDU(parsing: bytes) else { throw ModelStory.Fault(description: "no status word") }
    return answer
  }

  /// The whole current file, in blocks that every reader carries; `nil` when it may not be read.
  private static func content(from reader: some ConformanceReader) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < longestFile {
      let offset = bytes.count
      let answer = try send([0x00, 0xB0, UInt8(offset >> 8), UInt8(offset & 0xFF), 0x00], to: reader)
      guard answer.status.isSuccess || answer.status == .endOfFileReached else {
        return bytes.isEmpty && answer.status != .wrongOffset ? nil : bytes
      }
      bytes += answer.data
      if answer.data.count < block { break }
    }
    return bytes
  }

  /// The public keys that can be found, by the names that stories use.
  func publicKey(_ name: String) -> RSAPublicKey? {
    switch name {
    case "auth": files["jpki/000A"].flatMap { try? X509Certificate(prefixOf: $0).publicKey }
    case "sign": files["jpki/0001"].flatMap { try? X509Certificate(prefixOf: $0).publicKey }
    case "text": files["textInput/0007"].flatMap(Self.modulus)
    case "visual": files["visualInspection/0002"].flatMap(Self.modulus)
    default: nil
    }
  }

  /// The first RSA-2048 modulus in a file of the card's own format: `91 82 0100` and 256 bytes.
  private static func modulus(in bytes: [UInt8]) -> RSAPublicKey? {
    let mark: [UInt8] = [0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00]
    guard bytes.count >= mark.count + 256 else { return nil }
    for start in 0...(bytes.count - mark.count - 256) where bytes[start...].starts(with: mark) {
      return try? RSAPublicKey(modulus: Array(bytes[(start + mark.count)..<(start + mark.count + 256)]))
    }
    return nil
  }
}
