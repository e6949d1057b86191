import CardHost
import CardImage
import CardKernel
import ISO7816
import MyNumberCard

extension VirtualCard {
  // MARK: PINs

  /// The tries left; `nil` when this card has no such PIN.
  public func triesLeft(_ pin: PINName) -> Int? { host.pin(pin)?.triesLeft }

  /// The tries that a right PIN restores.
  public func triesMax(_ pin: PINName) -> Int? { host.pin(pin)?.triesMax }

  /// Whether the PIN is locked.
  public func isLocked(_ pin: PINName) -> Bool { host.pin(pin)?.triesLeft == 0 }

  /// Whether the PIN is verified at this moment.
  public func isVerified(_ pin: PINName) -> Bool {
    host.status.pins.first { $0.name == pin }?.status.isVerified ?? false
  }

  /// What the PIN is now; `nil` when nobody has set one.
  public func value(of pin: PINName) -> String? {
    host.pin(pin)?.value.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Sets the tries left without spending one.
  public func set(_ pin: PINName, triesLeft: Int) throws(VirtualCardError) {
    try apply([.triesLeft(pin.path, triesLeft)], "\(pin.rawValue) cannot have \(triesLeft) tries left")
  }

  /// Locks the PIN: no tries left.
  public func lock(_ pin: PINName) throws(VirtualCardError) { try set(pin, triesLeft: 0) }

  /// What the ward office's terminal does: a new PIN, and a full counter.
  public func resetPIN(_ pin: PINName, to value: String) throws(VirtualCardError) {
    guard let present = host.pin(pin) else {
      throw .refused("this card has no PIN \(pin.rawValue)", fix: "use a card that has it")
    }
    let bytes = Array(value.utf8)
    guard present.format.lengths.contains(bytes.count), present.format.acceptsCharacters(of: bytes) else {
      throw .refused(
        "'\(value)' has not the form of \(pin.rawValue)",
        fix: "4 digits; for sign 6 to 16 capital letters and digits with at least one of each")
    }
    let changes = ([pin] + pin.companions).map {
      CardChange.pin($0.path, value: bytes, triesLeft: host.pin($0)?.triesMax ?? present.triesMax)
    }
    try apply(changes, "\(pin.rawValue) cannot be '\(value)'")
  }

  private func apply(_ changes: [CardChange], _ problem: String) throws(VirtualCardError) {
    do {
      try host.apply(changes, cause: "test")
    } catch {
      throw .refused(problem, fix: "a counter is 0 to its maximum, and the card has to have the PIN")
    }
  }

  // MARK: Rewinding

  /// Takes back the last changes of the card's state.
  public func undo(_ steps: Int = 1) throws(VirtualCardError) {
    do { try host.undo(steps) } catch {
      throw .refused("there is nothing to take back", fix: "undo no more than was done")
    }
  }

  /// Makes the card what it was in the beginning; what is verified and changed is verified no more.
  public func restore() throws(VirtualCardError) {
    do { try host.restore(StateHistory.imageName) } catch {
      throw .refused("the card cannot go back", fix: "make a new card")
    }
  }

  // MARK: What is on the card

  /// Whose card it is.
  public var holder: Manifest.Holder { host.image.manifest.holder }

  /// The certificates of the card.
  public enum Certificate: Sendable, CaseIterable {
    /// 署名用電子証明書.
    case sign
    /// 利用者証明用電子証明書.
    case auth
    /// The root above the signature certificate.
    case signAuthority
    /// The root above the authentication certificate.
    case authAuthority

    var file: FileID {
      switch self {
      case .sign: JPKIApplication.signCertificate
      case .auth: JPKIApplication.authCertificate
      case .signAuthority: JPKIApplication.signAuthorityCertificate
      case .authAuthority: JPKIApplication.authAuthorityCertificate
      }
    }
  }

  /// A certificate in DER, as the card was made with it; `nil` when it has none.
  public func certificate(_ certificate: Certificate) -> [UInt8]? {
    host.image.data[FilePath(.jpki, certificate.file)].flatMap { $0.isEmpty ? nil : $0 }
  }
}
