import CardKernel
import Foundation
import ISO7816
import MyNumberCard

/// A card on disk: a folder that mirrors the card's own file system, readable with ordinary tools.
///
///     card.json                 the manifest
///     jpki/000A.der             a transparent file, without filler: openssl x509 -inform DER -in …
///     jpki/0017.pem             a private key
///     common/0001-1.bin         record 1 of a record file
///
/// The image never changes while a card is used; what changes is the state, in a folder of its own.
public struct CardImage: Sendable, Equatable {
  /// The version of the format that this release writes. Every older one loads.
  public static let format = 1
  /// The manifest's file name.
  public static let manifestName = "card.json"

  /// Everything that is not the content of a file.
  public var manifest: Manifest
  /// Transparent files, without filler.
  public var data: [FilePath: [UInt8]]
  /// Record files.
  public var records: [FilePath: [[UInt8]]]
  /// Private keys, PKCS#8 DER.
  public var keys: [FilePath: [UInt8]]

  /// An image from its parts.
  public init(
    manifest: Manifest, data: [FilePath: [UInt8]] = [:], records: [FilePath: [[UInt8]]] = [:],
    keys: [FilePath: [UInt8]] = [:]
  ) {
    self.manifest = manifest
    self.data = data
    self.records = records
    self.keys = keys
  }

  /// What the engine makes a card of.
  /// - Parameter location: where the image lies, for faults.
  public func contents(location: String) throws(ImageFault) -> CardContents {
    let manifestLocation = location + "/" + Self.manifestName
    func fault(_ problem: String, _ fix: String) -> ImageFault {
      ImageFault(problem, at: manifestLocation, fix: fix)
    }
    var contents = CardContents()
    contents.generation = manifest.generation
    contents.personality = manifest.personality
    contents.data = data
    contents.records = records
    contents.keys = keys
    for (name, value) in manifest.choices {
      guard contents.choices.set(name, to: value) else {
        throw fault("there is no choice '\(name)' with the value '\(value)'", "see Docs/CardModel.md, \"Our choices\"")
      }
    }
    for (text, entry) in manifest.pins {
      guard let path = FilePath(text) else {
        throw fault("'\(text)' is no path of a PIN", "write it as application/file, such as jpki/0018")
      }
      contents.pins[path] = CardContents.PINContents(Array(entry.value.utf8), triesLeft: entry.triesLeft)
    }
    for (application, objects) in manifest.dataObjects {
      for (tag, value) in objects {
        guard let number = FileID(hex: tag), let bytes = [UInt8](hex: value) else {
          throw fault(
            "the data object '\(tag)' of \(application) is not in hexadecimal digits",
            "write a tag of four digits and a value of an even number of digits")
        }
        contents.dataObjects[ApplicationName(rawValue: application), default: [:]][number.rawValue] = bytes
      }
    }
    for (text, value) in manifest.terminalAuthorities {
      guard let path = FilePath(text), let bytes = [UInt8](hex: value) else {
        throw fault("the terminal authority '\(text)' is not in hexadecimal digits", "mint the card again")
      }
      contents.terminalAuthorities[path] = bytes
    }
    return contents
  }

  /// The card in power-on state.
  /// - Parameter location: where the image lies, for faults.
  public func makeCard(location: String) throws(ImageFault) -> Card {
    let contents = try contents(location: location)
    do throws(CardContents.Fault) {
      return try contents.makeCard()
    } catch {
      throw ImageFault(error, location: location)
    }
  }
}

extension ImageFault {
  init(_ fault: CardContents.Fault, location: String) {
    let manifest = location + "/" + CardImage.manifestName
    switch fault {
    case .unknownGeneration(NextGeneration.name):
      self.init(
        NextGeneration.refusal, at: location,
        fix: "use another card of 'vmyna cards'; Docs/Residents.md tells what is known of the next one")
    case .unknownGeneration(let name):
      self.init(
        "there is no card generation '\(name)'", at: manifest,
        fix: "use one of: " + CardGeneration.all.map(\.name).joined(separator: ", "))
    case .unknownPersonality(let name):
      self.init(
        "there is no personality '\(name)'", at: manifest,
        fix: "use one of: " + Personality.all.map(\.name).joined(separator: ", "))
    case .noSuchFile(let path):
      self.init(
        "the card has no file \(path) of this kind", at: "\(location)/\(path)",
        fix: "remove it, or mint the card again; Docs/CardModel.md lists the files")
    case .tooLong(let path, let length, let size):
      self.init(
        "\(path) has \(length) bytes and its file holds \(size)", at: "\(location)/\(path)",
        fix: "shorten it (a name or an address that is too long is the usual cause)")
    case .beyondOffsets(let path, let length):
      self.init(
        "\(path) has \(length) bytes, more than a file can have (\(CardContents.longestFile))",
        at: "\(location)/\(path)", fix: "shorten it")
    case .pinForm(let path):
      self.init(
        "the PIN of \(path) has not the form that its file demands", at: manifest,
        fix: "four digits; for jpki/001B 6 to 16 capital letters and digits with at least one of each")
    case .triesLeft(let path, let count, let max):
      self.init(
        "\(path) cannot have \(count) tries left", at: manifest, fix: "use a number from 0 to \(max)")
    case .key(let path):
      self.init("the key of \(path) is not RSA-2048", at: manifest, fix: "mint the card again")
    }
  }
}
