import CardHost
import CardImage
import CardRules
import Foundation
import Personalization

// The engine alone, without a socket: nanoseconds per READ BINARY of 256 bytes and per bare signature command.
// Prints key=value lines. Usage: engine-benchmark RESIDENT-FILE

/// Nanoseconds that each call takes, the median of several rounds.
func nanoseconds(rounds: Int, calls: Int, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  let times = (0..<rounds).map { _ in
    let start = clock.now
    for _ in 0..<calls { body() }
    return Double((clock.now - start) / .nanoseconds(1)) / Double(calls)
  }.sorted()
  return times[rounds / 2]
}

let file = URL(fileURLWithPath: CommandLine.arguments.dropFirst().first ?? "CardImages/fresh-adult.yaml")
let today = JapanInstant(unixSeconds: Int(Date().timeIntervalSince1970)).day
let image = try Minter(today: today).mint(ResidentFile.load(file, today: today))
let card = try CardHost(image: image, location: file.path)
_ = card.powerOn()
func send(_ bytes: [UInt8]) { _ = card.transmit(bytes) }

send([0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01])
send([0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A])
let read = nanoseconds(rounds: 9, calls: 20_000) { send([0x00, 0xB0, 0x00, 0x00, 0x00]) }
send([0x00, 0x20, 0x00, 0x98, 0x04] + Array("1234".utf8))
let sign = nanoseconds(rounds: 5, calls: 200) {
  send([0x80, 0x2A, 0x00, 0x97, 0x20] + [UInt8](repeating: 1, count: 32) + [0x00])
}
// What it costs that a try outlives the process, and that it outlives the machine's power: a right PIN is two writes.
func verification(_ durability: StateDurability?) throws -> Double {
  let folder = URL(
    fileURLWithPath: CommandLine.arguments.dropFirst(2).first ?? FileManager.default.temporaryDirectory.path
  )
  .appendingPathComponent("vmyna-benchmark-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  let card = try CardHost(
    image: image, location: file.path, stateFolder: durability == nil ? nil : folder, durability: durability ?? .process
  )
  _ = card.powerOn()
  _ = card.transmit([0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01])
  return nanoseconds(rounds: 7, calls: durability == .machine ? 10 : 100) {
    _ = card.transmit([0x00, 0x20, 0x00, 0x98, 0x04] + Array("1234".utf8))
  }
}
print("verifyMicroseconds=\(try verification(nil) / 1000)")
print("verifyProcessMicroseconds=\(try verification(.process) / 1000)")
print("verifyMachineMicroseconds=\(try verification(.machine) / 1000)")
print("engineReadMicroseconds=\(read / 1000)")
print("engineSignsPerSecond=\(1e9 / sign)")
