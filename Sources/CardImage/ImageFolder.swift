import CardKernel
import Foundation
import ISO7816

extension CardImage {
  /// Loads an image.
  /// - Parameter folder: the folder that holds `card.json`.
  /// - Throws: the first fault, with its file and what to do.
  public static func load(from folder: URL) throws(ImageFault) -> CardImage {
    let manifest = try loadManifest(from: folder)
    var image = CardImage(manifest: manifest)
    for application in try entries(of: folder) where isFolder(application) {
      for file in try entries(of: application) {
        try image.load(file, of: ApplicationName(rawValue: application.lastPathComponent))
      }
    }
    return image
  }

  /// Whether a folder looks like an image.
  public static func exists(at folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(manifestName).path)
  }

  private static func loadManifest(from folder: URL) throws(ImageFault) -> Manifest {
    let file = folder.appendingPathComponent(manifestName)
    let fix = "name a folder made by 'vmyna mint', or a card of 'vmyna cards'"
    guard exists(at: folder) else { throw ImageFault("this folder is no card image", at: file.path, fix: fix) }
    let data = try read(file, fix: fix)
    struct Version: Decodable { let format: Int }
    do {
      let version = try JSONDecoder().decode(Version.self, from: data).format
      guard (1...format).contains(version) else {
        throw ImageFault(
          "this image has format \(version), and this vmyna reads formats up to \(format)", at: file.path,
          fix: "use the vmyna that made it, or a newer one, or mint the card again")
      }
      return try JSONDecoder().decode(Manifest.self, from: data)
    } catch let fault as ImageFault {
      throw fault
    } catch {
      throw ImageFault(
        "the manifest cannot be read: " + describe(error), at: file.path, fix: "mend it, or mint the card again")
    }
  }

  private static func describe(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.isEmpty ? "" : context.codingPath.map(\.stringValue).joined(separator: ".") + ": "
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context): return path(context) + "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(let type, let context): return path(context) + "it should be a \(type)"
    case DecodingError.valueNotFound(_, let context): return path(context) + "the value is missing"
    case DecodingError.dataCorrupted(let context): return path(context) + "it is not JSON, or is cut off"
    default: return "\(error)"
    }
  }

  private mutating func load(_ file: URL, of application: ApplicationName) throws(ImageFault) {
    let name = file.lastPathComponent
    let fix = "files are named after their identifier: 000A.der, 0017.pem, 0001-1.bin; remove it or mint the card again"
    let stem = name.prefix { $0 != "." }
    let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = parts.first, first.count == 4, let id = FileID(hex: first), parts.count <= 2 else {
      throw ImageFault("'\(name)' is no file of a card", at: file.path, fix: fix)
    }
    let path = FilePath(application, id)
    let bytes = [UInt8](try Self.read(file, fix: fix))
    if parts.count == 2 {
      guard let number = Int(parts[1]), (1...254).contains(number) else {
        throw ImageFault("'\(name)' names no record", at: file.path, fix: fix)
      }
      var list = records[path] ?? []
      while list.count < number { list.append([]) }
      list[number - 1] = bytes
      records[path] = list
    } else if file.pathExtension == "pem" {
      guard let key = PEMBlock(String(decoding: bytes, as: UTF8.self), label: "PRIVATE KEY") else {
        throw ImageFault(
          "this is no private key in PEM (PKCS#8)", at: file.path, fix: "mint the card again")
      }
      keys[path] = key.bytes
    } else {
      data[path] = bytes
    }
  }

  private static func read(_ file: URL, fix: String) throws(ImageFault) -> Data {
    do {
      let facts = try file.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
      // A pipe would be waited for, a device has no end.
      guard facts.isRegularFile == true else { throw ImageFault("it is no file", at: file.path, fix: fix) }
      let size = facts.fileSize ?? 0
      guard size <= largestFile else {
        throw ImageFault(
          "it has \(size) bytes, and no file of a card has more than \(largestFile)", at: file.path, fix: fix)
      }
      return try Data(contentsOf: file)
    } catch let fault as ImageFault {
      throw fault
    } catch {
      throw ImageFault("it cannot be read", at: file.path, fix: fix)
    }
  }

  /// A manifest or a file of a card is never longer.
  private static let largestFile = 1 << 20

  private static func entries(of folder: URL) throws(ImageFault) -> [URL] {
    do {
      return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { !$0.lastPathComponent.hasPrefix(".") }
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
    } catch {
      throw ImageFault("the folder cannot be read", at: folder.path, fix: "check its permissions")
    }
  }

  private static func isFolder(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
  }

  /// Writes the image. It appears whole or not at all.
  /// - Parameter folder: must not exist yet, or be empty.
  public func write(to folder: URL) throws(ImageFault) {
    let manager = FileManager.default
    if let present = try? manager.contentsOfDirectory(atPath: folder.path), !present.isEmpty {
      throw ImageFault(
        "there is something in this folder already", at: folder.path, fix: "name a new folder, or remove this one")
    }
    let temporary = folder.deletingLastPathComponent()
      .appendingPathComponent(".\(folder.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? manager.removeItem(at: temporary) }
    do {
      try manager.createDirectory(
        at: temporary, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try (encoder.encode(manifest) + Data("\n".utf8))
        .write(to: temporary.appendingPathComponent(Self.manifestName))
      for (name, bytes) in files {
        let file = temporary.appendingPathComponent(name)
        try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
      }
      // Takes the place of an empty folder, and of nothing else: somebody may have been faster.
      guard rename(temporary.path, folder.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    } catch {
      throw ImageFault(
        "the image cannot be written: \(Self.reason(error))", at: folder.path,
        fix: "check that the folder above exists, is writable and that the disk has room")
    }
  }

  /// The system's own words, which Foundation wraps.
  private static func reason(_ error: any Error) -> String {
    var error = error as NSError
    while let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = inner }
    return error.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(error.code))) : error.localizedDescription
  }

  /// The files of the image by their relative names.
  private var files: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for (path, bytes) in data { result["\(path).\(bytes.starts(with: [0x30, 0x82]) ? "der" : "bin")"] = bytes }
    for (path, key) in keys { result["\(path).pem"] = Array(PEMBlock(label: "PRIVATE KEY", bytes: key).text.utf8) }
    for (path, list) in records {
      for (index, record) in list.enumerated() { result["\(path)-\(index + 1).bin"] = record }
    }
    return result
  }
}

/// One PEM block (RFC 7468): a label and bytes in base64.
struct PEMBlock {
  let label: String
  let bytes: [UInt8]

  init(label: String, bytes: [UInt8]) {
    self.label = label
    self.bytes = bytes
  }

  /// The first block with this label.
  init?(_ text: String, label: String) {
    guard let begin = text.range(of: "-----BEGIN \(label)-----"),
      let end = text.range(of: "-----END \(label)-----", range: begin.upperBound..<text.endIndex),
      let data = Data(
        base64Encoded: String(text[begin.upperBound..<end.lowerBound]), options: .ignoreUnknownCharacters)
    else { return nil }
    self.init(label: label, bytes: [UInt8](data))
  }

  var text: String {
    let body = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    return "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
  }
}
