import CardKernel
import CardModel
import CardTestSupport
import Cryptography
import ISO7816
import MyNumberCard
import Testing

/// Plays a story on the engine.
struct StoryPlayer: ModelValues {
  private var card: Card
  private var effects: TestEffects
  private let contents: CardContents
  /// The data of the last answer.
  private var answer: [UInt8] = []
  /// The client's side of secure messaging.
  private var counter: UInt64 = 0
  private static let seed = [UInt8](repeating: 0x5A, count: 32)

  init(_ story: ModelStory) throws {
    var contents = try SyntheticCard.contents()
    for step in story.steps {
      if case .setUp(let name, let arguments) = step.act { try Self.setUp(&contents, name, arguments) }
    }
    self.contents = contents
    card = try contents.makeCard()
    effects = TestEffects(seed: 7)
  }

  // MARK: - The card of the story

  private static func setUp(_ contents: inout CardContents, _ name: String, _ arguments: [String]) throws {
    let first = arguments.first ?? ""
    let second = arguments.dropFirst().first ?? ""
    let fault = ModelStory.Fault(description: "\(name)(\(arguments.joined(separator: ",")))")
    switch name {
    case "choose": try contents.choices.setSwitch(first, to: second)
    case "atr": contents.personality = first
    case "card":
      contents.generation = first
      try keepWhatFits(&contents)
      if first == "licence" {
        contents.data[FilePath(.drivingLicence, 0x001A)] = [0xC1, 0x01, 0x00]
        contents.data[FilePath(.drivingLicence, 0x001B)] = [0xC2, 0x01, 0x30, 0xC3, 0x01, 0x30]
      }
    case "tries":
      guard let pin = PINName(rawValue: first), let count = Int(second) else { throw fault }
      contents.pins[pin.path]?.triesLeft = count
    case "unset":
      guard let pin = PINName(rawValue: first) else { throw fault }
      contents.pins[pin.path] = nil
    case "absent":
      if let (application, tag) = object(first), contents.dataObjects[application]?[tag] != nil {
        contents.dataObjects[application]?[tag] = nil
      } else if let path = FilePath(first),
        contents.keys.removeValue(forKey: path) != nil
          || contents.terminalAuthorities.removeValue(forKey: path) != nil
      {
        return
      } else {
        throw fault
      }
    default: throw fault
    }
  }

  private static func keepWhatFits(_ contents: inout CardContents) throws {
    let generation = try #require(CardGeneration.named(contents.generation))
    func fits(_ path: FilePath) -> Bool { generation.application(path.application)?.file(path.file) != nil }
    contents.data = contents.data.filter { fits($0.key) }
    contents.records = contents.records.filter { fits($0.key) }
    contents.pins = contents.pins.filter { fits($0.key) }
    contents.keys = contents.keys.filter { fits($0.key) }
  }

  private static func object(_ text: String) -> (ApplicationName, UInt16)? {
    guard let path = FilePath(text) else { return nil }
    return (path.application, path.file.rawValue)
  }

  // MARK: - Playing

  mutating func play(_ story: ModelStory) throws {
    for step in story.steps {
      switch step.act {
      case .setUp: continue
      case .reset: card.warmReset()
      case .power: card.powerCycle()
      case .diskFull(let isFull): effects.failsFrom = isFull ? 1 : nil
      case .beginSession:
        counter = 1
        let plain: [UInt8] = [0xA0, 0x22, 0x80, 0x20] + Self.seed
        let cryptogram = try SyntheticCard.key(.session).publicKey.encryptOAEP(plain)
        try expect(step, send([0x80, 0xAE, 0x00, 0x00, 0x00, 0x01, 0x00] + cryptogram))
      case .command(let command): try expect(step, send(try bytes(of: command)))
      case .secure(let command, let flaw): try expect(step, try sendSecure(command, flaw: flaw))
      }
    }
  }

  private mutating func send(_ command: [UInt8]) -> ResponseAPDU {
    ResponseAPDU(parsing: card.process(command, with: &effects)) ?? .status(StatusWord(rawValue: 0))
  }

  private mutating func expect(_ step: ModelStory.Step, _ response: ResponseAPDU) throws {
    let wanted = step.expectation?.status ?? .success
    #expect(response.status == wanted, "\(step.text) answered \(response.bytes.hexString.suffix(80))")
    if let pattern = step.expectation {
      let matches = try matches(response.data, pattern)
      #expect(matches, "\(step.text) answered \(response.bytes.hexString)")
    }
    answer = response.data
  }

  // MARK: - Commands

  private mutating func sendSecure(_ command: ModelStory.Command, flaw: String?) throws -> ResponseAPDU {
    if flaw == "skip" { counter += 1 }
    let value = flaw == "replay" ? counter - 1 : counter
    let channel = SecureChannel(key: Array(Self.seed.prefix(16)), counter: value)
    let plain = try bytes(of: command)
    let response: ResponseAPDU
    if case .read(let offset, let le) = command {
      let tag: UInt8 = flaw == "tag" ? 0x97 : 0x96
      let wanted = le.count == 2 ? le : [0x00] + le
      response = send([0x08, 0xB0] + offset + [0x00, 0x00, 0x05, tag, 0x03, 0x00] + wanted + [0x00, 0x00])
    } else {
      let object = flaw == "nothing" ? [] : try channel.object(Array(plain.dropFirst(5)), flaw: flaw)
      let length = object.isEmpty ? [] : [UInt8(object.count)]
      response = send([0x08] + plain[1..<4] + length + object)
    }
    counter += 1
    guard !response.data.isEmpty else { return response }
    return ResponseAPDU(data: try channel.open(response.data), status: response.status)
  }

  // MARK: - Terms

  func applicationID(_ name: String) -> [UInt8]? {
    CardGeneration.licence.application(ApplicationName(rawValue: name)).flatMap { [UInt8](hex: $0.id) }
  }

  func pinValue(_ name: String) -> [UInt8]? { PINName(rawValue: name).map { SyntheticCard.value(of: $0) } }

  func bytes(of call: ModelCall) throws -> [UInt8] {
    let first = call.arguments.first ?? ""
    let second = call.arguments.dropFirst().first ?? ""
    switch call.name {
    case "text": return Array(first.utf8)
    case "sha256": return SHA256.digest(try evaluate(first))
    case "info": return SHA256.digestInfo(try evaluate(first))
    case "oaep": return try SyntheticCard.key(.session).publicKey.encryptOAEP(try evaluate(first))
    case "answer": return answer
    case "body": return try SyntheticCard.verifiableBody(of: try key(first))
    case "signed": return try SyntheticCard.key(try key(first)).signPKCS1SHA256(try evaluate(second))
    case "file":
      guard let path = FilePath(first), case .transparent(let bytes)? = card.file(path)?.content else { break }
      return bytes
    case "record":
      guard let path = FilePath(first), let number = Int(second),
        case .records(let records)? = card.file(path)?.content,
        records.indices.contains(number - 1)
      else { break }
      return records[number - 1]
    case "object":
      guard let (application, tag) = Self.object(first) else { break }
      return try #require(contents.dataObjects[application]?[tag])
    case "objects": return try objects(call)
    case "slice":
      let bytes = try evaluate(first)
      guard call.arguments.count == 3, let offset = Int(second), let count = Int(call.arguments[2]),
        bytes.count >= offset + count
      else { break }
      return Array(bytes[offset..<offset + count])
    default: break
    }
    throw ModelStory.Fault(description: "\(call.name)(\(call.arguments.joined(separator: ",")))")
  }

  private func key(_ name: String) throws -> SyntheticCard.Key {
    guard let key = SyntheticCard.Key(rawValue: name) else { throw ModelStory.Fault(description: "no key \(name)") }
    return key
  }

  // MARK: - Answers

  func match(_ call: ModelCall, _ answer: ArraySlice<UInt8>) throws -> Int? {
    switch call.name {
    case "rsa", "pss", "pss20":
      let length = RSAPrivateKey.modulusLength
      return try answer.count >= length && isSignature(Array(answer.prefix(length)), call) ? length : nil
    case "not":
      let other = try evaluate(call.arguments.first ?? "")
      return answer.count >= other.count && !answer.starts(with: other) ? other.count : nil
    default:
      let wanted = try bytes(of: call)
      return answer.starts(with: wanted) ? wanted.count : nil
    }
  }

  private func isSignature(_ signature: [UInt8], _ call: ModelCall) throws -> Bool {
    guard call.arguments.count == 2 else { throw ModelStory.Fault(description: "\(call.name) needs a key and data") }
    let key = try SyntheticCard.key(try key(call.arguments[0])).publicKey
    let data = try evaluate(call.arguments[1])
    guard call.name == "rsa" else {
      return try key.verifyPSS(signature, sha256Digest: data, saltLength: call.name == "pss" ? 32 : 20)
    }
    // The whole block, so that nothing but PKCS#1 v1.5 type 1 around exactly these bytes passes.
    let filler = [UInt8](repeating: 0xFF, count: RSAPrivateKey.modulusLength - 3 - data.count)
    return try key.recover(signature) == [0x00, 0x01] + filler + [0x00] + data
  }
}
