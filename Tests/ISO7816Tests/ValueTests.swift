import Testing

@testable import ISO7816

@Suite struct ValueTests {
  @Test func statusWords() {
    #expect(StatusWord.triesLeft(3).description == "63C3")
    #expect(StatusWord.triesLeft(10).description == "63CA")
    #expect(StatusWord.triesLeft(-1).description == "63C0")
    #expect(StatusWord.triesLeft(99).description == "63CF")
    #expect(StatusWord.triesLeft(5).triesLeft == 5)
    #expect(StatusWord.success.triesLeft == nil)
    #expect(StatusWord.success.isSuccess && !StatusWord.fileNotFound.isSuccess)
    #expect(StatusWord(rawValue: 0x0A01).description == "0A01")
  }

  @Test func responses() {
    #expect(ResponseAPDU(parsing: []) == nil)
    #expect(ResponseAPDU(parsing: [0x90]) == nil)
    #expect(ResponseAPDU(parsing: [0x90, 0x00]) == .success)
    #expect(ResponseAPDU(parsing: [1, 2, 0x63, 0xC2]) == ResponseAPDU(data: [1, 2], status: .triesLeft(2)))
    #expect(ResponseAPDU(data: [1, 2], status: .triesLeft(2)).bytes == [1, 2, 0x63, 0xC2])
    #expect(ResponseAPDU.status(.wrongOffset).bytes == [0x6B, 0x00])
  }

  @Test func fileIdentifiers() {
    #expect(FileID(bytes: [0x00, 0x18]) == 0x0018)
    #expect(FileID(bytes: [0x18]) == nil && FileID(bytes: [0, 0x18, 0]) == nil)
    #expect(FileID(hex: "2F10")?.description == "2F10")
    #expect(FileID(hex: "2F1") == nil && FileID(hex: "2F1G") == nil)
    #expect(FileID(shortIdentifier: 0) == nil && FileID(shortIdentifier: 31) == nil)
    #expect((1...30).allSatisfy { FileID(shortIdentifier: $0)?.rawValue == UInt16($0) })
    #expect(FileID(0x0001) < FileID(0x0002))
  }

  @Test func applicationNames() throws {
    #expect(ApplicationID([1, 2, 3, 4]) == nil)
    #expect(ApplicationID([UInt8](repeating: 0, count: 17)) == nil)
    let id = try #require(ApplicationID([UInt8](hex: "D392F000260100000001") ?? []))
    #expect(id.description == "D392F000260100000001")
    #expect(id.begins(with: []) && id.begins(with: [0xD3]) && id.begins(with: id.bytes))
    #expect(!id.begins(with: [0xD4]) && !id.begins(with: id.bytes + [0]))
  }

  @Test func hexadecimal() {
    #expect([UInt8](hex: "00 fF\t1A") == [0x00, 0xFF, 0x1A])
    #expect([UInt8](hex: "") == [])
    for bad in ["0", "0G", "000", "é0", "0x00"] { #expect([UInt8](hex: bad) == nil, "\(bad)") }
    #expect([UInt8](0...255).hexString.count == 512)
    #expect([UInt8](hex: [UInt8](0...255).hexString) == [UInt8](0...255))
  }
}
