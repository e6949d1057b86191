import Authority
import CardHost
import CardImage
import CardKernel
import CardRules
import CardService
import ISO7816
import MyNumberCard
import Personalization
import Synchronization

/// Card images that were minted already. The same resident, day and seed give the same image, so it is made once.
enum MintedImages {
  private static let most = 400
  private static let images: Mutex<[String: CardImage]> = Mutex([:])

  static func image(of resident: Resident, today: CalendarDay) throws -> CardImage {
    let key = "\(today) \(resident)"
    if let known = images.withLock({ $0[key] }) { return known }
    var minter = Minter(today: today)
    minter.facePolicy = .optional(report: { _ in })
    let image = try minter.mint(resident)
    images.withLock { images in
      if images.count >= most { images.removeAll() }
      images[key] = image
    }
    return image
  }
}

/// One card of an exercise with its record: a real card in memory, and the facts that the ward office keeps of it.
struct DeskCard {
  let host: CardHost
  let portrait: UInt64
  var resident: Resident
  /// What the registry says of every certificate; made anew after each procedure.
  private(set) var entries: [Registry.Entry]
  /// Kinds whose certificate a broken write has lost.
  var broken: Set<CertificateKind> = []

  init(_ resident: Resident, today: CalendarDay, portrait: UInt64) throws {
    let image = try MintedImages.image(of: resident, today: today)
    host = try CardHost(image: image, location: resident.name)
    self.portrait = portrait
    self.resident = resident
    entries = try OfficeRecord(resident: resident).entries(image: image)
  }

  mutating func update(_ resident: Resident) throws {
    self.resident = resident
    entries = try OfficeRecord(resident: resident).entries(image: host.image)
  }

  // MARK: A real VERIFY

  /// Types a PIN at the card: SELECT application, SELECT file, VERIFY.
  func verify(_ name: PINName, _ value: [UInt8]) -> StatusWord? {
    if !host.status.isPowered { _ = host.powerOn() }
    guard let id = CardGeneration.plastic.application(name.path.application)?.id, let bytes = [UInt8](hex: id) else {
      return nil
    }
    let file = name.path.file.rawValue
    _ = host.transmit([0x00, 0xA4, 0x04, 0x0C, UInt8(truncatingIfNeeded: bytes.count)] + bytes)
    _ = host.transmit(
      [0x00, 0xA4, 0x02, 0x0C, 0x02, UInt8(truncatingIfNeeded: file >> 8), UInt8(truncatingIfNeeded: file)])
    guard let answer = host.transmit([0x00, 0x20, 0x00, 0x80, UInt8(truncatingIfNeeded: value.count)] + value) else {
      return nil
    }
    return ResponseAPDU(parsing: answer.response)?.status
  }

  /// A value of the right form that is not the PIN.
  static func wrong(_ value: [UInt8]) -> [UInt8] {
    var value = value
    guard let last = value.indices.last else { return value }
    value[last] = value[last] == UInt8(ascii: "9") ? UInt8(ascii: "8") : UInt8(ascii: "9")
    return value
  }
}
