import CardKernel
import ISO7816
import MyNumberCard

/// A card and its world, driven in the words of the field.
public final class CardDriver {
  /// The card.
  public var card: Card
  /// Its world.
  public var effects: TestEffects

  /// The synthetic card, or one that differs.
  public init(
    effects: TestEffects = TestEffects(), _ change: (inout CardContents) throws -> Void = { _ in }
  ) throws {
    card = try SyntheticCard.make(change)
    self.effects = effects
  }

  /// Sends bytes.
  public func send(_ bytes: [UInt8]) -> ResponseAPDU { card.answer(to: bytes, with: &effects) }

  /// Sends hexadecimal digits.
  public func send(_ hex: String) -> ResponseAPDU { send([UInt8](hex: hex) ?? []) }

  /// SELECT by name.
  public func select(_ name: ApplicationName) -> StatusWord {
    let id = CardGeneration.licence.application(name).flatMap { [UInt8](hex: $0.id) } ?? []
    return send([0x00, 0xA4, 0x04, 0x0C, UInt8(id.count)] + id).status
  }

  /// SELECT of an EF.
  public func select(_ file: FileID) -> StatusWord {
    send([0x00, 0xA4, 0x02, 0x0C, 0x02, UInt8(file.rawValue >> 8), UInt8(file.rawValue & 0xFF)]).status
  }

  /// SELECT of the application and the EF.
  public func select(_ path: FilePath) -> StatusWord {
    let status = select(path.application)
    return status.isSuccess ? select(path.file) : status
  }

  /// VERIFY of the current EF.
  public func verify(_ value: [UInt8]) -> StatusWord {
    send([0x00, 0x20, 0x00, 0x80, UInt8(value.count)] + value).status
  }

  /// VERIFY of a PIN by its short identifier, with the right value.
  public func verify(_ pin: PINName) -> StatusWord {
    let value = SyntheticCard.value(of: pin)
    return send([0x00, 0x20, 0x00, 0x80 | UInt8(pin.path.file.rawValue), UInt8(value.count)] + value).status
  }

  /// All counters, the unknown PINs' too.
  public var counters: [FilePath: Int] {
    var result: [FilePath: Int] = [:]
    for path in Self.pinPaths { result[path] = card.pin(path)?.triesLeft }
    return result
  }

  /// Every PIN file of the plastic card.
  public static let pinPaths: [FilePath] = CardGeneration.plastic.applications.flatMap { application in
    application.files.compactMap { file in
      switch file.kind {
      case .pin, .unknownPIN: FilePath(application.name, file.id)
      default: nil
      }
    }
  }
}
