import ISO7816

/// What stands behind the names of a story: the card that it is played on.
public protocol ModelValues {
  /// The AID of an application; `nil` when no application has this name.
  func applicationID(_ name: String) -> [UInt8]?
  /// The right value of a PIN; `nil` when no PIN has this name.
  func pinValue(_ name: String) throws -> [UInt8]?
  /// The bytes that a call stands for.
  func bytes(of call: ModelCall) throws -> [UInt8]
  /// How many bytes at the beginning of an answer are what the call stands for; `nil` when they are something else.
  func match(_ call: ModelCall, _ answer: ArraySlice<UInt8>) throws -> Int?
}

extension ModelValues {
  /// The bytes of a term. `<n>` is n times 5A.
  public func evaluate(_ term: ModelTerm) throws -> [UInt8] {
    try term.parts.flatMap { part -> [UInt8] in
      switch part {
      case .bytes(let bytes): return bytes
      case .run(let count?): return [UInt8](repeating: 0x5A, count: count)
      case .run(nil): throw ModelStory.Fault(description: "<*> stands in answers only")
      case .call(let call): return try bytes(of: call)
      }
    }
  }

  /// The bytes of a term.
  public func evaluate(_ text: String) throws -> [UInt8] { try evaluate(ModelTerm(text)) }

  /// `objects(term,first,last)`: in a constructed object, what stands from the tag `first` to the end of the object `last`.
  public func objects(_ call: ModelCall) throws -> [UInt8] {
    let fault = ModelStory.Fault(description: "objects(\(call.arguments.joined(separator: ",")))")
    guard call.arguments.count == 3, let first = UInt32(call.arguments[1], radix: 16),
      let last = UInt32(call.arguments[2], radix: 16)
    else { throw fault }
    let children = try BERTLV(parsing: try evaluate(call.arguments[0])).children()
    guard let start = children.firstIndex(where: { $0.tag == first }),
      let end = children.firstIndex(where: { $0.tag == last }), start <= end
    else { throw fault }
    return children[start...end].flatMap(\.encoded)
  }

  /// Whether the data of an answer is as expected.
  public func matches(_ data: [UInt8], _ pattern: ModelPattern) throws -> Bool {
    try matches(data[...], pattern.data?.parts[...] ?? [])
  }

  private func matches(_ bytes: ArraySlice<UInt8>, _ parts: ArraySlice<ModelTerm.Part>) throws -> Bool {
    guard let part = parts.first else { return bytes.isEmpty }
    let rest = parts.dropFirst()
    switch part {
    case .bytes(let wanted):
      return bytes.starts(with: wanted) ? try matches(bytes.dropFirst(wanted.count), rest) : false
    case .run(nil):
      return try (0...bytes.count).contains { try matches(bytes.dropFirst($0), rest) }
    case .run(let count?):
      return bytes.count >= count ? try matches(bytes.dropFirst(count), rest) : false
    case .call(let call):
      guard let length = try match(call, bytes) else { return false }
      return try matches(bytes.dropFirst(length), rest)
    }
  }

  /// The APDU of a command.
  public func bytes(of command: ModelStory.Command) throws -> [UInt8] {
    switch command {
    case .selectApplication(let name, let p2, let le):
      guard let id = applicationID(name) ?? [UInt8](hex: name), let length = UInt8(exactly: id.count) else {
        throw ModelStory.Fault(description: "no application \(name)")
      }
      return [0x00, 0xA4, 0x04, p2, length] + id + (le.map { [$0] } ?? [])
    case .selectFile(let id): return [0x00, 0xA4, 0x02, 0x0C, 0x02] + id
    case .query(let p2): return [0x00, 0x20, 0x00, p2]
    case .verify(let pin, let p2): return try pinCommand([0x00, 0x20, 0x00, p2], pin)
    case .change(let pin): return try pinCommand([0x00, 0x24, 0x01, 0x80], pin)
    case .changeKey(let pin): return try pinCommand([0x80, 0x32, 0x00, 0x80], pin)
    case .read(let offset, let le): return [0x00, 0xB0] + offset + (le.count == 2 ? [0x00] : []) + le
    case .sign(let p1, let p2, let term):
      let data = try evaluate(term)
      return CommandAPDU(
        cla: 0x80, ins: 0x2A, p1: p1, p2: p2, data: data, expectedLength: data.count > 255 ? 65_536 : 256
      ).bytes
    case .raw(let term): return try evaluate(term)
    }
  }

  private func pinCommand(_ header: [UInt8], _ pin: String) throws -> [UInt8] {
    let value = try pinValue(pin) ?? (pin.hasPrefix("<") ? evaluate(pin) : Array(pin.utf8))
    guard let length = UInt8(exactly: value.count) else {
      throw ModelStory.Fault(description: "a PIN too long: \(pin)")
    }
    return header + [length] + value
  }
}
