import CardKernel
import ISO7816

/// One flat object: `seq`, `time`, `slot`, `kind`, and what the kind has.
extension TraceEvent: Codable {
  private enum CodingKeys: String, CodingKey {
    case sequence = "seq"
    case cause, tries, name, minted, seed, keys, fingerprint
    case time, slot, kind, atr, command, response, application, file, microseconds
  }

  /// Reads an event.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func bytes(_ key: CodingKeys) throws -> TraceBytes {
      guard let bytes = TraceBytes(try fields.decode(String.self, forKey: key)) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: fields, debugDescription: "hexadecimal digits, with ·· for masked bytes, are needed")
      }
      return bytes
    }
    let kind: Kind
    switch try fields.decode(String.self, forKey: .kind) {
    case "inserted": kind = .inserted
    case "removed": kind = .removed
    case "card":
      kind = .card(
        Card(
          name: try fields.decode(String.self, forKey: .name), minted: try fields.decode(String.self, forKey: .minted),
          seed: try fields.decode(UInt64.self, forKey: .seed), keys: try fields.decode(String.self, forKey: .keys),
          fingerprint: try fields.decode(String.self, forKey: .fingerprint),
          tries: try fields.decode([String: Int].self, forKey: .tries)))
    case "changed":
      kind = .changed(
        cause: try fields.decode(String.self, forKey: .cause),
        tries: try fields.decode([String: Int].self, forKey: .tries))
    case "warmReset": kind = .warmReset
    case "powerOff": kind = .powerOff
    case "powerOn":
      guard let atr = try bytes(.atr).unmasked else {
        throw DecodingError.dataCorruptedError(forKey: .atr, in: fields, debugDescription: "an ATR is never masked")
      }
      kind = .powerOn(atr: atr)
    case "exchange":
      let file = try fields.decodeIfPresent(String.self, forKey: .file).map { text in
        guard let file = FileID(hex: text) else {
          throw DecodingError.dataCorruptedError(
            forKey: .file, in: fields, debugDescription: "four hexadecimal digits are needed")
        }
        return file
      }
      kind = .exchange(
        Exchange(
          command: try bytes(.command), response: try bytes(.response),
          application: ApplicationName(rawValue: try fields.decode(String.self, forKey: .application)), file: file,
          microseconds: try fields.decode(Int.self, forKey: .microseconds)))
    case let other:
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: fields, debugDescription: "no event is called \(other)")
    }
    self.init(
      sequence: try fields.decode(Int.self, forKey: .sequence), time: try fields.decode(Int64.self, forKey: .time),
      slot: try fields.decode(Int.self, forKey: .slot), kind: kind)
  }

  /// Writes the event as it is: mask it before.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(sequence, forKey: .sequence)
    try fields.encode(time, forKey: .time)
    try fields.encode(slot, forKey: .slot)
    try fields.encode(kind.name, forKey: .kind)
    switch kind {
    case .powerOn(let atr): try fields.encode(atr.hexString, forKey: .atr)
    case .exchange(let exchange):
      try fields.encode(exchange.command.description, forKey: .command)
      try fields.encode(exchange.response.description, forKey: .response)
      try fields.encode(exchange.application.rawValue, forKey: .application)
      try fields.encodeIfPresent(exchange.file?.description, forKey: .file)
      try fields.encode(exchange.microseconds, forKey: .microseconds)
    case .card(let card):
      try fields.encode(card.name, forKey: .name)
      try fields.encode(card.minted, forKey: .minted)
      try fields.encode(card.seed, forKey: .seed)
      try fields.encode(card.keys, forKey: .keys)
      try fields.encode(card.fingerprint, forKey: .fingerprint)
      try fields.encode(card.tries, forKey: .tries)
    case .changed(let cause, let tries):
      try fields.encode(cause, forKey: .cause)
      try fields.encode(tries, forKey: .tries)
    case .inserted, .removed, .warmReset, .powerOff: break
    }
  }
}

extension TraceEvent.Kind {
  /// The name in JSON.
  public var name: String {
    switch self {
    case .inserted: "inserted"
    case .removed: "removed"
    case .card: "card"
    case .changed: "changed"
    case .powerOn: "powerOn"
    case .warmReset: "warmReset"
    case .powerOff: "powerOff"
    case .exchange: "exchange"
    }
  }
}
