import ArgumentParser
import CardHost
import CardImage
import Foundation
import MyNumberCard
import Personalization

/// `vmyna check`: every fault of a resident file, a folder of them, or a card image.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Show every fault of a resident file, a folder of them, a card image or a lesson, with line and advice.",
    discussion:
      "In a folder of resident files no two residents may have one number. 'vmyna lesson NAME --check' checks the plays "
      + "of a lesson too. Exit code 1 when there is any fault.")

  @Argument(
    help: ArgumentHelp(
      "A resident file, a folder of them, a card image, a card of the gallery or a lesson's file.",
      valueName: "resident-or-image"))
  var subject: String

  @Flag(help: "Print one JSON object a line for each fault.")
  var json = false

  func run() throws {
    let (what, faults) = try faults()
    for fault in faults {
      if json {
        print(
          OrderedJSON.object([
            ("problem", .string(fault.what)), ("location", OrderedJSON(fault.place)), ("fix", .string(fault.fix)),
          ]).text)
      } else {
        print(fault.description)
      }
    }
    guard faults.isEmpty else { throw ExitCode(1) }
    if !json { print("\(what): no fault") }
  }

  private func faults() throws -> (what: String, faults: [UserError]) {
    var library = CardLibrary()
    library.needsPictures = false
    let url = URL(fileURLWithPath: subject)
    if LessonCheck.isLesson(url) {
      return (subject, try LessonsOption.parse([]).library().check(file: url).map(UserError.init(fault:)))
    }
    var isFolder: ObjCBool = false
    if library.gallery.file(of: subject) == nil,
      FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue,
      !CardImage.exists(at: url), ResidentFile.isFolder(url)
    {
      return try checkFolder(url, library)
    }
    do {
      if case .image(let folder) = try library.reference(subject) {
        return (subject, try check(image: folder).map { UserError(describing: $0) })
      }
      try use(library.find(subject))
      return (subject, [])
    } catch let error as ResidentFaults {
      return (subject, error.faults.map(UserError.init(fault:)))
    } catch let error as ImageFault {
      return (subject, [UserError(describing: error)])
    }
  }

  /// Every fault of an image, as far as it loads.
  private func check(image folder: URL) throws -> [ImageFault] {
    let image = try CardImage.load(from: folder)
    let keys = CardImage.unknownKeys(in: folder) + registryFaults(image, folder)
    guard image.manifest.generation != NextGeneration.name else { return keys }
    return keys + image.faults(location: folder.path)
  }

  /// Entries of the registry in the manifest that nobody can read. Images of the first releases have short ones.
  private func registryFaults(_ image: CardImage, _ folder: URL) -> [ImageFault] {
    (image.manifest.registry ?? []).filter { $0.generation != nil && $0.entry == nil }.map { entry in
      ImageFault(
        "what the manifest says of the certificate \(entry.serial) cannot be read",
        at: folder.appendingPathComponent(CardImage.manifestName).path,
        fix: "mend times, serial number and municipality under registry, or mint the card again")
    }
  }

  /// Makes the card, as far as it can be made.
  private func use(_ found: CardLibrary.Found) throws {
    guard found.image.manifest.generation != NextGeneration.name else { return }
    _ = try found.image.makeCard(location: found.location)
  }

  private func checkFolder(_ folder: URL, _ library: CardLibrary) throws -> (String, [UserError]) {
    let (count, faults) = ResidentFile.check(folder: folder, today: library.minter.today) { resident, file in
      do {
        var resident = resident
        resident.card.options.isFaceDrawn = false
        try use(CardLibrary.Found(image: library.minter.mint(resident), location: file.relativePath))
        return []
      } catch {
        let error = UserError(describing: error)
        return [ResidentFault(error.what, file: file.relativePath, fix: error.fix)]
      }
    }
    return ("\(subject), \(count) residents", faults.map(UserError.init(fault:)))
  }
}

extension UserError {
  init(fault: ResidentFault) { self.init(fault.problem, at: fault.location, fix: fault.fix, exitCode: 1) }
}
