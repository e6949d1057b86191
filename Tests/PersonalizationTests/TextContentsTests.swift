import CardRules
import Cryptography
import ISO7816
import MyNumberCard
import Testing

@testable import Personalization

@Suite("Contents of the text application")
struct TextContentsTests {
  @Test("The holder of the public dumps gets the same bytes and hashes")
  func publicDump() throws {
    let image = try ContentsPeople.image(ContentsPeople.testHolder())
    #expect(try image.file(.textInput, 0x0001).hexString == "FF100C353337363836363737313838FFFF")
    #expect(
      try image.file(.textInput, 0x0002).hexString
        == "FF2065DF2108000E002000590064DF220FE9BB92E6A190E38080E5B9B9E4B99FDF2336E69DB1E4BAACE983BDE6B885E780ACE5B882"
        + "E8A6B3E5B883E5AD90E58D97EFBC91EFBC92EFBC8DEFBC97EFBC8DEFBC92EFBC90EFBC92DF24083139383030323137DF250131")
    let record = try TakenApart(try image.file(.textInput, 0x0003))
    #expect(
      try record.value(0xDF31).hexString == "6D5A4C1EF9AB15BF506862D7E66B9C0F179CA065BC936C8E634E9E57449CA9CD")
    #expect(
      try record.value(0xDF32).hexString == "B9E0D09427B23B1D4BEDA2848512B4103752DC2667E51F9712872D65F472CB3B")
    #expect(
      image.records[.init(.common, 0x0001)]
        == [[0x01, 0x1C] + Array("4000000127198431322120350217".utf8)])
    #expect(image.manifest.holder.numberB == "55021720352285")
    #expect(image.manifest.pins["visualInspection/0011"]?.value == "550217")
  }

  @Test(
    "Every file has its length and header",
    arguments: [
      (0x0001, 17, "FF100C"), (0x0003, 336, "FF3082014B"), (0x0004, 568, "7F218202335F4E820129"),
      (0x0005, 164, "FF4082009FDF410401030E01DF4210"), (0x0006, 269, "A18201099003010001918201 00"),
      (0x0007, 536, "FF50820213DF51820109"), (0x0008, 16, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"),
    ] as [(UInt16, Int, String)])
  func lengths(file: UInt16, length: Int, header: String) throws {
    let bytes = try ContentsPeople.image(ContentsPeople.anybody()).file(.textInput, FileID(file))
    #expect(bytes.count == length)
    #expect(bytes.hexString.hasPrefix(header.filter { $0 != " " }))
  }

  @Test("Integrity record and signed key are the issuer's, and its certificate is the authority's")
  func signatures() throws {
    let image = try ContentsPeople.image(ContentsPeople.anybody())
    let issuer = try image.certifiedKey(.textInput, .textInput)
    let record = try TakenApart(try image.file(.textInput, 0x0003))
    let signed = try record.whole(0xDF31, 0xDF32)
    #expect(try issuer.verifyPKCS1SHA256(try record.value(0xDF33), message: signed))
    #expect(try !issuer.verifyPKCS1SHA256(try record.value(0xDF33), message: signed.dropLast() + [0]))
    #expect(try record.value(0xDF31) == SHA256.digest(try image.file(.textInput, 0x0001)))
    let attributes = try TakenApart(try image.file(.textInput, 0x0002))
    #expect(try record.value(0xDF32) == SHA256.digest(try attributes.whole(0xDF22, 0xDF23, 0xDF24, 0xDF25)))

    let key = try TakenApart(try image.file(.textInput, 0x0007))
    #expect(try issuer.verifyPKCS1SHA256(try key.value(0xDF52), message: try key.whole(0xDF51)))
    #expect(try modulus(try key.value(0xDF51)) == image.key(.textInput, 0x0013).publicKey.modulus)
    let session = Array(try image.file(.textInput, 0x0006).dropFirst(4))
    #expect(try modulus(session) == image.key(.textInput, 0x0006).publicKey.modulus)
  }

  @Test("The certificate's subject is the municipality")
  func municipality() throws {
    let certificate = try ContentsPeople.image(ContentsPeople.testHolder()).file(.visualInspection, 0x0004)
    #expect(Array(certificate[10..<26]) == Array("6000023".utf8) + [8, 5] + Array("001".utf8) + [0, 0, 0, 0])
    #expect(Array(certificate[26..<42]) == Array("1322121".utf8) + [8, 5] + Array("000".utf8) + [0, 0, 0, 0])
  }

  @Test("Attributes: one length byte below 128 and 82 from there, offsets right either way")
  func attributes() throws {
    let short = try ContentsPeople.image(ContentsPeople.anybody()).file(.textInput, 0x0002)
    #expect(short.count < 128, "pyjpki reads a length of one byte")
    try TakenApart(short).checkOffsets()
    let long = try ContentsPeople.image(
      ContentsPeople.anybody(address: String(repeating: "架", count: 100))
    ).file(.textInput, 0x0002)
    #expect(long.hexString.hasPrefix("FF2082"))
    try TakenApart(long).checkOffsets()
  }

  @Test(
    "A name or address that does not fit is refused where it stands, and the advice is right",
    arguments: [("架", 160, 5), ("架", 5, 160), ("架", 90, 90), ("あ", 1, 5000)])
  func tooLong(character: Character, name: Int, address: Int) throws {
    let texts = (String(repeating: character, count: name), String(repeating: character, count: address))
    let fault = try #require(AttributesRecord.fault(name: texts.0, address: texts.1))
    let key = try #require(fault.key)
    let excess = try #require(fault.fix.split(separator: " ").compactMap { Int($0) }.first)
    let longer = key == "name" ? texts.0 : texts.1
    let shorter = String(longer.dropLast(excess))
    #expect(
      AttributesRecord.fault(name: key == "name" ? shorter : texts.0, address: key == "name" ? texts.1 : shorter) == nil
    )

    let error = #expect(throws: ResidentFaults.self) {
      try ResidentFile.parse(
        ContentsPeople.anybody(name: texts.0, address: texts.1), file: "long.yaml", name: "long",
        today: ContentsPeople.today)
    }
    #expect(
      error?.faults.contains { $0.position?.line == (key == "name" ? 3 : 6) && $0.problem == fault.problem } == true)
  }

  @Test("The longest record leaves one byte of filler in its file")
  func longest() throws {
    // 5 + 11 + (3 + 15) + (5 + n) + 11 + 4 = 511
    let record = try AttributesRecord(
      name: "架空　太郎", address: String(repeating: "a", count: 457), birth: "19900910", sex: "1")
    #expect(record.encoded.count == 511)
    #expect(throws: ContentFault.self) {
      try AttributesRecord(name: "架空　太郎", address: String(repeating: "a", count: 458), birth: "19900910", sex: "1")
    }
  }
}
