import Authority
import CardHost
import CardImage
import CardRules
import CardService
import Foundation
import Personalization
import Scenario
import Synchronization

/// Finds what a CARD argument means: a card of the gallery, a resident file, or a card image.
struct CardLibrary: Sendable {
  /// The cards that come with the product.
  let gallery: Gallery
  /// How residents become images.
  var minter: Minter
  /// Where state is kept; `nil` keeps it in memory.
  var stateFolder: URL?
  /// What a written state outlives.
  var durability = StateDurability.process

  /// Whether a card must be minted whole. Commands that use a card at once do without its pictures, with a warning, where the
  /// font is missing.
  var needsFace = false
  /// Whether anybody will look at the card's pictures; drawing them takes most of the time of minting.
  var needsPictures = true

  /// An image and the place that faults name.
  struct Found {
    let image: CardImage
    let location: String
  }

  init(minter: Minter? = nil, stateFolder: String? = nil, durability: StateDurability = .process) {
    self.durability = durability
    gallery = Gallery(folder: Self.galleryFolder)
    self.minter = minter ?? Minter(today: Self.today)
    self.stateFolder = stateFolder.map { URL(fileURLWithPath: $0, isDirectory: true) }
  }

  /// Today in Japan, where every date of the card is counted.
  static var today: CalendarDay { JapanInstant(unixSeconds: Int(Date().timeIntervalSince1970)).day }

  /// The folder of resident files: beside the sources of a build, or of an installation; `VMYNA_CARDS` names another.
  private static var galleryFolder: URL {
    if let chosen = ProcessInfo.processInfo.environment["VMYNA_CARDS"] { return URL(fileURLWithPath: chosen) }
    return URL(fileURLWithPath: ProductFiles.find("CardImages", besideSources: "CardImages"))
  }

  /// What a CARD argument names, not yet loaded.
  enum Reference {
    case resident(URL)
    case image(URL)
  }

  func reference(_ card: String) throws -> Reference {
    if let file = gallery.file(of: card) { return .resident(file) }
    let url = URL(fileURLWithPath: card)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      let meant = Spelling.nearest(card, among: gallery.names).map { "did you mean '\($0)'? If not, " } ?? ""
      throw UserError(
        "there is no card '\(card)'", at: "the gallery and this folder",
        fix: meant + "name one of 'vmyna cards', a resident file or a card image")
    }
    return isFolder.boolValue ? .image(url) : .resident(url)
  }

  /// The image that a CARD argument means; a resident is minted.
  func find(_ card: String) throws -> Found {
    switch try reference(card) {
    case .image(let folder):
      let image = try CardImage.load(from: folder)
      try image.refuseRealCertificates(location: folder.path)
      return Found(image: image, location: folder.path)
    case .resident(let file):
      var resident = try ResidentFile.load(file, today: minter.today)
      if !needsPictures { resident.card.options.isFaceDrawn = false }
      var minter = minter
      minter.facePolicy = needsFace ? .required : .optional(report: Self.warn)
      return Found(image: try minter.mint(resident), location: file.relativePath)
    }
  }

  private static let warning = Mutex(false)

  /// Says once that cards have no pictures here.
  @Sendable private static func warn(_ fault: FaceFault) {
    let isFirst = warning.withLock { isTold in
      defer { isTold = true }
      return !isTold
    }
    guard isFirst else { return }
    let text = "vmyna: cards have no pictures here: \(fault)\n  fix: \(fault.fix)\n"
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// A card that can be used. Its state folder bears the card's name; a second card of the name gets `NAME-2`.
  /// - Parameter taken: the state folders of cards that are in use here.
  func open(_ card: String, avoiding taken: Set<URL> = []) throws -> CardHost {
    let found = try find(card)
    guard let stateFolder else { return try CardHost(image: found.image, location: found.location) }
    let name = found.image.manifest.name
    var folder = stateFolder.appendingPathComponent(name, isDirectory: true)
    var number = 1
    while taken.contains(folder) {
      number += 1
      folder = stateFolder.appendingPathComponent("\(name)-\(number)", isDirectory: true)
    }
    let imageFolder = folder.appendingPathComponent("image", isDirectory: true)
    if !CardImage.exists(at: imageFolder) {
      try createStateFolder(folder)
      try found.image.write(to: imageFolder)
    }
    // The card as it was when its state began: relative dates move on, its certificates do not.
    let image = try CardImage.load(from: imageFolder)
    return try CardHost(image: image, location: imageFolder.path, stateFolder: folder, durability: durability)
  }

  private func createStateFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw UserError(
        "the state folder cannot be made", at: folder.path,
        fix: "name a folder that you may write to with --state, and check that the disk has room", exitCode: 3)
    }
  }
}
