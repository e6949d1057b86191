import CardKernel
import MyNumberCard

/// The forms of the PINs that a resident file sets, taken from the card's own file tables.
enum PINForms {
  /// The PINs that a holder chooses. Numbers A and B and the birth date follow from other facts.
  static let settable: [(name: PINName, format: PINFormat)] = [.sign, .auth, .textInput, .residentRecord, .common].map {
    ($0, kind(of: $0)?.format ?? .unknown)
  }

  private static func kind(of name: PINName) -> (triesMax: Int, format: PINFormat)? {
    guard
      case .pin(let triesMax, let format, _)? = CardGeneration.plastic.application(name.path.application)?
        .file(name.path.file)?.kind
    else { return nil }
    return (triesMax, format)
  }

  static func triesMax(of name: PINName) -> Int { kind(of: name)?.triesMax ?? 0 }

  /// What would be right; `nil` when the value is.
  static func fault(in value: String, of name: PINName, format: PINFormat) -> String? {
    let bytes = Array(value.utf8)
    guard !(format.lengths.contains(bytes.count) && format.acceptsCharacters(of: bytes)) else { return nil }
    return switch format {
    case .digits(let count): "use \(count) digits in quotation marks"
    case .lettersAndDigits(let range):
      "use \(range.lowerBound) to \(range.upperBound) capital letters and digits, at least one of each"
    case .unknown: "leave it out"
    }
  }
}
