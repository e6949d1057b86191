import Authority
import CardRules
import MyNumberCard

/// What a clerk of the ward office is asked to do with a card.
public enum OfficeOrder: Sendable {
  /// Issues certificates, whatever is there of the kinds. PINs for kinds that have none, or new ones.
  case issue(Set<CertificateKind>, pins: [PINName: String])
  /// Renews certificates in their window.
  case renew(Set<CertificateKind>, pins: [PINName: String])
  /// Revokes on request.
  case revoke(Set<CertificateKind>)
  /// A new PIN without the old one.
  case resetPIN(PINName, new: String)
  /// A new PIN by the old one, which the card has verified already.
  case changePIN(PINName, new: String)
  /// A move: the new address, and the municipality when it is another one.
  case move(address: String, municipality: Municipality?, isFaceUpdated: Bool)
  /// A new name.
  case rename(String, isFaceUpdated: Bool)
  /// The card's end follows a longer stay.
  case extendStay(until: CalendarDay)
  /// Two months more while an extension of the stay is pending.
  case specialPeriod
  /// Hands the card over: its PINs.
  case handOver(pins: [PINName: String])
  /// Makes a face-authentication card an ordinary one again: its PINs.
  case fromFaceAuthentication(pins: [PINName: String])
  /// What needs no facts but the event: stop, release, surrender, reissue, death, leaving Japan, to face authentication.
  case event(LifeEvent)
}

extension OfficeOrder {
  /// The order with its texts composed as certificates hold them.
  var composed: OfficeOrder {
    switch self {
    case .move(let address, let municipality, let isFaceUpdated):
      .move(
        address: CertifiedText.composed(address), municipality: municipality, isFaceUpdated: isFaceUpdated)
    case .rename(let name, let isFaceUpdated):
      .rename(CertifiedText.composed(name), isFaceUpdated: isFaceUpdated)
    default: self
    }
  }

  /// The PINs that the holder types with it.
  var newPINs: [PINName: String] {
    switch self {
    case .issue(_, let pins), .renew(_, let pins), .handOver(let pins), .fromFaceAuthentication(let pins): pins
    case .resetPIN(let name, let new), .changePIN(let name, let new):
      [PINName.sign, .auth, .residentRecord, .textInput].contains(name) ? [name: new] : [:]
    default: [:]
    }
  }
}

/// Why the office does not do it: a rule, or something that is missing.
public struct OfficeRefusal: Error, Sendable, Equatable {
  /// What is wrong.
  public var problem: String
  /// The rule that decides; `nil` when the order itself is wrong.
  public var rule: Rule?
  /// What to do next.
  public var fix: String

  init(_ problem: String, rule: Rule? = nil, fix: String) {
    self.problem = problem
    self.rule = rule
    self.fix = fix
  }

  init(_ ruling: Ruling, fix: String) { self.init(ruling.reason.en, rule: ruling.rule, fix: fix) }
}
