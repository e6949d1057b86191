import CardHost
import CardImage
import Foundation

/// What is read from disk.
enum FileFuzz {
  /// A copy of the kept image in memory, whose manifest is replaced.
  private static let imageFolder = Result { () throws -> URL in
    let folder = try Repository.workFolder().appendingPathComponent("image", isDirectory: true)
    try FileManager.default.copyItem(at: Repository.fixture.appendingPathComponent("image"), to: folder)
    return folder
  }
  private static let stateFolder = Result { () throws -> URL in
    let folder = try Repository.workFolder().appendingPathComponent("state", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
  private static let commands: [[UInt8]] = [
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
    [0x00, 0x20, 0x00, 0x98],
    [0x00, 0x20, 0x00, 0x98, 0x04, 0x30, 0x30, 0x30, 0x30], [0x00, 0xB0, 0x86, 0x00, 0x00],
    [0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00],
  ]

  static func image(_ bytes: [UInt8]) throws {
    let folder = try imageFolder.get()
    try Data(bytes).write(to: folder.appendingPathComponent("card.json"))
    do {
      let card = try CardHost(image: try CardImage.load(from: folder), location: "image")
      try use(card)
    } catch let fault as ImageFault {
      try check(fault)
    }
  }

  static func state(_ bytes: [UInt8]) throws {
    let folder = try stateFolder.get()
    let file = folder.appendingPathComponent(StateJournal.fileName)
    try Data(bytes).write(to: file)
    do {
      let image = try Repository.image.get()
      let before = try { () throws -> [Int] in
        let card = try CardHost(image: image, location: "image", stateFolder: folder)
        try use(card)
        return card.status.pins.map(\.status.triesLeft)
      }()
      // What was written last is what the next process finds.
      let after = try CardHost(image: image, location: "image", stateFolder: folder).status.pins.map(\.status.triesLeft)
      guard before == after else { throw FuzzFinding("\(before) tries before a restart, \(after) after it") }
    } catch let fault as ImageFault {
      try check(fault)
    }
  }

  private static func use(_ card: CardHost) throws {
    _ = card.powerOn()
    for command in commands {
      guard let answer = card.transmit(command), answer.response.count >= 2 else { throw FuzzFinding("no answer") }
    }
    for (name, pin) in card.status.pins where !(0...pin.triesMax).contains(pin.triesLeft) {
      throw FuzzFinding("\(name) has \(pin.triesLeft) of \(pin.triesMax) tries")
    }
  }

  private static func check(_ fault: ImageFault) throws {
    guard !fault.problem.isEmpty, !fault.fix.isEmpty else { throw FuzzFinding("an error without words: \(fault)") }
  }
}
