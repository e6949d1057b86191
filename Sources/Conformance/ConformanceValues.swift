import CardModel
import Cryptography
import ISO7816

/// What the names in a story stand for on a card that is not ours: its own files, its own keys.
struct ConformanceValues: ModelValues {
  let identifiers: [String: [UInt8]]
  let survey: CardSurvey
  let pins: [String: [UInt8]]
  /// The data of the answer before.
  var answer: [UInt8] = []

  init(document: ModelDocument, survey: CardSurvey, pins: [String: [UInt8]]) {
    let pairs = document.applications.compactMap { entry in [UInt8](hex: entry.id).map { (entry.name, $0) } }
    identifiers = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    self.survey = survey
    self.pins = pins
  }

  func applicationID(_ name: String) -> [UInt8]? { identifiers[name] }

  func pinValue(_ name: String) -> [UInt8]? { pins[name] }

  func bytes(of call: ModelCall) throws -> [UInt8] {
    let first = call.arguments.first ?? ""
    let second = call.arguments.dropFirst().first ?? ""
    switch call.name {
    case "text": return Array(first.utf8)
    case "sha256": return SHA256.digest(try evaluate(first))
    case "info": return SHA256.digestInfo(try evaluate(first))
    case "answer": return answer
    case "file": return try require(survey.files[first])
    case "record": return try require(survey.records["\(first),\(second)"])
    case "object": return try require(survey.objects[first])
    case "objects": return try objects(call)
    case "slice":
      let bytes = try evaluate(first)
      guard call.arguments.count == 3, let offset = Int(second), let count = Int(call.arguments[2]), offset >= 0,
        count >= 0, offset <= bytes.count, count <= bytes.count - offset
      else { throw RowRefusal.unreadable }
      return Array(bytes[offset..<offset + count])
    default: throw RowRefusal.unlistedCommand
    }
  }

  private func require(_ bytes: [UInt8]?) throws -> [UInt8] {
    guard let bytes else { throw RowRefusal.unreadable }
    return bytes
  }

  func match(_ call: ModelCall, _ answer: ArraySlice<UInt8>) throws -> Int? {
    switch call.name {
    case "rsa", "pss", "pss20":
      let length = RSAPrivateKey.modulusLength
      guard answer.count >= length else { return nil }
      guard let name = call.arguments.first, let key = survey.publicKey(name) else { return length }
      return try isSignature(Array(answer.prefix(length)), by: key, call) ? length : nil
    case "not":
      let other = try evaluate(call.arguments.first ?? "")
      return answer.count >= other.count && !answer.starts(with: other) ? other.count : nil
    case "text":
      // Letters are the card's, digits the holder's: a municipality, a date, a serial number.
      let wanted = Array((call.arguments.first ?? "").utf8)
      let isAlike = zip(wanted, answer).allSatisfy { $0 == $1 || (Self.isDigit($0) && Self.isDigit($1)) }
      return answer.count >= wanted.count && isAlike ? wanted.count : nil
    default:
      let wanted = try bytes(of: call)
      return answer.starts(with: wanted) ? wanted.count : nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private func isSignature(_ signature: [UInt8], by key: RSAPublicKey, _ call: ModelCall) throws -> Bool {
    guard call.arguments.count == 2 else { throw ModelStory.Fault(description: "\(call.name) needs a key and data") }
    let data = try evaluate(call.arguments[1])
    guard call.name == "rsa" else {
      return try key.verifyPSS(signature, sha256Digest: data, saltLength: call.name == "pss" ? 32 : 20)
    }
    return try key.verifyPKCS1(signature, block: data)
  }

  /// The keys that an expectation names and that this card does not show.
  func keysMissing(for pattern: ModelPattern) -> [String] {
    (pattern.data?.parts ?? []).compactMap { part in
      guard case .call(let call) = part, ["rsa", "pss", "pss20"].contains(call.name), let name = call.arguments.first,
        survey.publicKey(name) == nil
      else { return nil }
      return name
    }
  }
}
