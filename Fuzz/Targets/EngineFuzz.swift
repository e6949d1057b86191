import CardKernel
import CardModel
import CardTestSupport
import ISO7816
import MyNumberCard

/// Streams of commands against the synthetic card. What must hold for every one of them stands in ``send(_:)``.
struct EngineFuzz {
  private static let fresh = Result { try SyntheticCard.make() }
  /// Of the card model's table "Status words": the card answers with no other.
  private static let allowed = Result {
    Set(try Repository.cardModel.get().table("Status words", "status")?.rows.map { $0["status"] } ?? [])
  }
  private static let applications = CardGeneration.plastic.applications.compactMap { [UInt8](hex: $0.id) }
  private static let mostCommands = 96

  private var card: Card
  private var effects = FuzzEffects()
  private let statusWords: Set<String>
  private var sessionCounter: UInt64 = 1

  private init() throws {
    card = try Self.fresh.get()
    statusWords = try Self.allowed.get()
  }

  static func raw(_ bytes: [UInt8]) throws {
    var fuzz = try EngineFuzz()
    var input = FuzzInput(bytes)
    for _ in 0..<mostCommands where !input.isEmpty { try fuzz.send(input.block()) }
    try fuzz.checkMemory()
  }

  static func structured(_ bytes: [UInt8]) throws {
    var fuzz = try EngineFuzz()
    var input = FuzzInput(bytes)
    for _ in 0..<mostCommands where !input.isEmpty { try fuzz.act(&input) }
    try fuzz.checkMemory()
  }

  // MARK: - What must hold

  private mutating func send(_ command: [UInt8]) throws {
    let before = counters
    let commits = effects.commits.count
    let answer = card.process(command, with: &effects)
    guard (2...65_538).contains(answer.count), let response = ResponseAPDU(parsing: answer) else {
      throw FuzzFinding("\(command.hexString): an answer of \(answer.count) bytes")
    }
    let status = response.status
    let name = status.triesLeft == nil ? status.description : "63Cx"
    guard statusWords.contains(name) else { throw FuzzFinding("\(command.hexString): \(status) is in no table") }
    let isFree = effects.commits.count == commits
    for (path, left) in counters {
      let old = before[path] ?? left
      // A disk that is full: the try is spent in memory, and nobody hears whether the guess was right.
      if left < old, left != old - 1 { throw FuzzFinding("\(command.hexString): \(path) fell from \(old) to \(left)") }
      if left > old, isFree || !status.isSuccess { throw FuzzFinding("\(command.hexString): \(path) rose to \(left)") }
      if left > old, old == 0 { throw FuzzFinding("\(command.hexString): \(path) came back from 0") }
    }
    let isVerify = command.count > 5 && command[0] == 0x00 && command[1] == 0x20
    if isVerify && status.isSuccess && isFree { throw FuzzFinding("\(command.hexString): a guess nobody paid for") }
  }

  private var counters: [FilePath: Int] {
    var result: [FilePath: Int] = [:]
    for path in CardDriver.pinPaths { result[path] = card.pin(path)?.triesLeft }
    return result
  }

  /// What is on the disk is what the card says, or less: never a try more.
  private func checkMemory() throws {
    var restarted = try Self.fresh.get()
    for change in effects.commits where !restarted.apply(change) { throw FuzzFinding("\(change) does not load") }
    for path in CardDriver.pinPaths {
      guard let here = card.pin(path), let there = restarted.pin(path) else { continue }
      if there.value != here.value || there.triesLeft < here.triesLeft {
        throw FuzzFinding("\(path): \(here.triesLeft) tries here and \(there.triesLeft) on the disk")
      }
    }
  }

  // MARK: - What is sent

  private mutating func act(_ input: inout FuzzInput) throws {
    switch input.byte() % 22 {
    case 0, 1:
      let id = input.element(of: Self.applications)
      let name = Array(id.prefix(max(1, id.count - Int(input.byte() % 12 == 0 ? input.byte() % 16 : 0))))
      try send([0x00, 0xA4, 0x04, input.element(of: [0x0C, 0x00, 0x02]), UInt8(name.count)] + name)
    case 2, 3: try send([0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, input.byte() & 0x1F])
    case 4, 5:
      let value = SyntheticCard.value(of: input.element(of: PINName.allCases))
      try send([0x00, 0x20, 0x00, reference(&input), UInt8(value.count)] + value)
    case 6:
      let value = input.bytes(Int(input.byte() % 20))
      try send([0x00, 0x20, 0x00, reference(&input), UInt8(value.count)] + value)
    case 7: try send([0x00, 0x20, 0x00, reference(&input)])
    case 8: try send([0x00, 0xB0, input.byte(), input.byte(), input.byte()])
    case 9: try send([0x00, 0xB0, input.byte(), input.byte(), 0x00, input.byte(), input.byte()])
    case 10: try send([0x00, 0xB2, input.byte(), input.byte(), input.byte()])
    case 11:
      let data = input.block()
      let command = CommandAPDU(
        cla: 0x80, ins: 0x2A, p1: input.byte() % 8, p2: reference(&input), data: data,
        expectedLength: data.count > 255 ? 65_536 : 256)
      try send(command.bytes)
    case 12:
      let value = input.bytes(Int(input.byte() % 18))
      let header: [UInt8] = input.byte() % 2 == 0 ? [0x00, 0x24, 0x01, 0x80] : [0x80, 0x32, 0x00, 0x80]
      try send(header + [UInt8(value.count)] + value)
    case 13: try begin(&input)
    case 14, 15: try sendSecure(&input)
    case 16: try terminal(&input)
    case 17:
      try send([0x00, 0xCA, input.byte(), input.byte()] + (input.byte() % 2 == 0 ? [0x00] : [0x00, 0x00, 0x00]))
    case 18:
      let challenge = input.bytes(Int(input.byte()))
      try send([0x00, 0x88, 0x00, reference(&input), UInt8(challenge.count)] + challenge + [0x00])
    case 19: try send([0x10 | (input.byte() & 0x80), input.byte(), input.byte(), input.byte()] + input.block())
    case 20:
      switch input.byte() % 4 {
      case 0: card.powerCycle()
      case 1: card.warmReset()
      default: effects.isDiskFull.toggle()
      }
    default: try send(input.block())
    }
  }

  private func reference(_ input: inout FuzzInput) -> UInt8 {
    let byte = input.byte()
    return byte & 0x40 != 0 ? 0x80 : byte & 0x20 != 0 ? byte : 0x80 | (byte & 0x1F)
  }

  private mutating func begin(_ input: inout FuzzInput) throws {
    var cryptogram = FuzzEffects.cryptogram
    if input.byte() % 4 == 0 {
      let plain = input.bytes(Int(input.byte() % 64))
      cryptogram = [0x22, UInt8(plain.count)] + plain
      cryptogram += [UInt8](repeating: 0, count: 256 - cryptogram.count)
    }
    sessionCounter = 1
    try send([0x80, 0xAE, 0x00, 0x00, 0x00, 0x01, 0x00] + cryptogram)
  }

  private mutating func sendSecure(_ input: inout FuzzInput) throws {
    let channel = SecureChannel(key: FuzzEffects.sessionKey, counter: sessionCounter)
    sessionCounter &+= 1
    let flaw = input.byte()
    if flaw & 0x80 != 0 {
      let length = [0x96, input.byte() % 4, 0x00, input.byte(), input.byte()]
      return try send([0x08, 0xB0, input.byte(), input.byte(), 0x00, 0x00, 0x05] + length + [0x00, 0x00])
    }
    let header: [UInt8] = input.element(of: [
      [0x08, 0xA4, 0x02, 0x0C], [0x08, 0x20, 0x00, 0x80], [0x08, 0xA4, 0x04, 0x0C], [0x0C, 0xA4, 0x02, 0x0C],
    ])
    let flaws = [nil, nil, nil, "second", "indicator", "padding", "tag", "blocks", "form81", "form82"]
    let plain = input.bytes(Int(input.byte() % 40))
    var object = (try? channel.object(plain, flaw: flaws[Int(flaw) % flaws.count])) ?? []
    let spoiled = Int(input.byte())
    if spoiled < object.count { object[spoiled] ^= input.byte() }
    try send(header + [UInt8(clamping: object.count)] + object.prefix(255))
  }

  private mutating func terminal(_ input: inout FuzzInput) throws {
    let body = (try? SyntheticCard.verifiableBody(of: .terminal)) ?? []
    var first: [UInt8] = [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29] + body
    var second: [UInt8] = [0x5F, 0x37, 0x82, 0x01, 0x00] + [UInt8](repeating: 0x5A, count: 256)
    let (place, value) = (Int(input.byte()), input.byte())
    if place < first.count { first[place] ^= value }
    if place < second.count { second[place] ^= value >> 4 }
    func extended(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
      header + [0x00, UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data + [0x00, 0x00]
    }
    switch input.byte() % 4 {
    case 0: try send(extended([0x80, 0xA2, 0x06, 0xC1], first))
    case 1: try send(extended([0x80, 0xA2, 0x00, 0xC1], second))
    case 2: try send([0x00, 0x84, 0x00, 0x00, input.byte()])
    default: try send(extended([0x00, 0x82, 0x00, 0x00], [UInt8](repeating: 0x5A, count: 256)))
    }
  }
}
