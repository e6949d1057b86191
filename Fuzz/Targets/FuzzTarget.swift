/// What is fuzzed: each takes any bytes, and finds fault only by throwing or by a trap. Docs: `Docs/Fuzzing.md`.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Bytes cut into APDUs, sent to the engine.
  case engineRaw = "engine-raw"
  /// Commands that make sense, with everything in them chosen by the bytes.
  case engineStructured = "engine-structured"
  /// The driver's messages to the card service, and the service's to a reader.
  case link
  /// The control connection's JSON.
  case control
  /// vpcd's stream.
  case vpcd
  /// Resident files.
  case resident
  /// The manifest of a card image.
  case image
  /// The journal of a card's state.
  case state
  /// `.apdu` scripts.
  case script
  /// The tables and stories of the card model.
  case model
  /// Traces: lines, tokens, masking, explanations.
  case trace
  /// The registry of certificates.
  case registry
  /// DER, certificates, PEM.
  case der

  /// Runs one input.
  /// - Throws: a ``FuzzFinding`` when a promise is broken.
  public func run(_ bytes: [UInt8]) throws {
    switch self {
    case .engineRaw: try EngineFuzz.raw(bytes)
    case .engineStructured: try EngineFuzz.structured(bytes)
    case .link: try ServiceFuzz.link(bytes)
    case .control: try ServiceFuzz.control(bytes)
    case .vpcd: try ServiceFuzz.vpcd(bytes)
    case .resident: try TextFuzz.resident(bytes)
    case .image: try FileFuzz.image(bytes)
    case .state: try FileFuzz.state(bytes)
    case .script: try TextFuzz.script(bytes)
    case .model: try TextFuzz.model(bytes)
    case .trace: try TextFuzz.trace(bytes)
    case .registry: try TextFuzz.registry(bytes)
    case .der: try TextFuzz.der(bytes)
    }
  }
}

/// A promise that an input has broken.
public struct FuzzFinding: Error, CustomStringConvertible {
  /// What happened.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Takes an input apart; gives zeros when it is used up.
struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// Bytes behind their count; two bytes of count where the first is FF.
  mutating func block() -> [UInt8] {
    let first = byte()
    return bytes(first == 0xFF ? Int(byte()) << 8 | Int(byte()) : Int(first))
  }

  mutating func element<Element>(of elements: [Element]) -> Element { elements[Int(byte()) % elements.count] }

  mutating func remaining() -> [UInt8] { bytes(rest.count) }
}
