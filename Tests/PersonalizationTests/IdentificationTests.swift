import Authority
import CardHost
import CardImage
import CardKernel
import Cryptography
import ISO7816
import MyNumberCard
import Testing

@testable import Personalization

@Suite("What names the card, its carriers and generations")
struct IdentificationTests {
  /// Sends commands in hexadecimal digits; the answer to the last.
  private func send(_ host: CardHost, _ commands: String...) throws -> [UInt8] {
    var answer: [UInt8] = []
    for command in commands {
      let bytes = try #require([UInt8](hex: command))
      answer = try #require(host.transmit(bytes)).response
    }
    return answer
  }

  private func host(_ text: String) throws -> CardHost {
    let host = try CardHost(image: try ContentsPeople.image(text), location: "test")
    _ = host.powerOn()
    return host
  }

  @Test("The card manager's objects and the chain of certificates")
  func dataObjects() throws {
    let host = try host(ContentsPeople.testHolder())
    #expect(try send(host, "00CA004200").hexString == "363030303032300805303031000000A89000")
    #expect(try send(host, "00CA004500") == Array("400000012719843".utf8) + [0x90, 0x00])
    #expect(try send(host, "00CA00F000") == Array("13221".utf8) + [0x90, 0x00])
    #expect(try send(host, "00CA00F200") == Array("20350217".utf8) + [0x90, 0x00])
    #expect(try send(host, "00CA5F5100").hexString == "DA13FF8131FB468012392F31C173C601C03B9000")
    #expect(try send(host, "00CA00F800").hexString == "6700")
    let upper = Array(try send(host, "00CA00F8000000").dropLast(2))
    let lower = Array(try send(host, "00CA7F21000000").dropLast(2))
    #expect(upper.count == 563 && lower.count == 563)
    let header: [UInt8] = [0x7F, 0x21, 0x82, 0x02, 0x33]
    let first = try CardVerifiableCertificate(prefixOf: header + upper)
    let second = try CardVerifiableCertificate(prefixOf: header + lower)
    #expect(first.isSigned(by: try CardManagerChain().rootKey.publicKey))
    #expect(second.isSigned(by: first.publicKey))
    #expect(second.issuer == first.subject)
    #expect(try send(host, "00CA00F700") == first.subject.bytes + [0x90, 0x00])
  }

  @Test("Records of the common and resident record applications, and the authentication key")
  func records() throws {
    let host = try host(ContentsPeople.testHolder())
    let common = "00A4040C0AD3921000310001010100"
    #expect(
      try send(host, common, "00B2010C00").hexString
        == "011C343030303030303132373139383433313332323132303335303231379000")
    let reference = "011036303030303230080530303100000000" + "9000"
    #expect(try send(host, "00A4020C020002", "00B2010400").hexString == reference)
    #expect(try send(host, "00A4040C0AD3921000310001010401", "00A4020C020002", "00B2010400").hexString == reference)
    let answer = try send(host, common, "00880099" + "08" + "0102030405060708" + "00")
    let key = try host.image.key(.common, CommonApplication.authenticationKey).publicKey
    #expect(try key.verifyPKCS1SHA256(Array(answer.dropLast(2)), message: [1, 2, 3, 4, 5, 6, 7, 8]))
  }

  @Test("A card of the first years has no lower certificate, and 5F51 only in its applications")
  func olderGeneration() throws {
    let host = try host(ContentsPeople.testHolder(card: "  olderGeneration: true"))
    #expect(try send(host, "00CA7F21000000").hexString == "6A88")
    #expect(try send(host, "00CA00F8000000").count == 565)
    #expect(try send(host, "00CA5F5100").hexString == "6A88")
    #expect(
      try send(host, "00A4040C0AD392F000260100000001", "00CA5F5100").hexString
        == "DA13FF8131FB468012392F31C173C601C03B9000")
  }

  @Test(
    "5F51 is where the file says",
    arguments: [("everywhere", true, true), ("cardManager", true, false), ("applications", false, true)])
  func answerToResetPlace(word: String, manager: Bool, application: Bool) throws {
    let host = try host(ContentsPeople.testHolder(card: "  answerToResetIn: \(word)"))
    #expect(try send(host, "00CA5F5100").hexString.hasSuffix(manager ? "9000" : "6A88"))
    #expect(
      try send(host, "00A4040C0AD3921000310001010408", "00CA5F5100").hexString
        .hasSuffix(application ? "9000" : "6A88"))
  }

  @Test(
    "Phones carry the JPKI application alone, under their own label",
    arguments: [("android", "JPKIAPGPSETOKEN"), ("iPhone", "JPKIAPIOSTOKEN")])
  func phones(word: String, label: String) throws {
    let host = try host(ContentsPeople.anybody(card: "  token: \(word)"))
    let select = "00A4040C0AD392F000260100000001"
    let answer = try send(host, select, "00A4020C020006", "00B0000020")
    #expect(answer.dropLast(2).starts(with: Array(label.utf8)) && answer.count == 34)
    #expect(try send(host, "00A4040C0AD3921000310001010408").hexString == "6A82")
    #expect(try send(host, select, "00A4020C02000A", "00B0000004").hexString == "6982")
    #expect(try send(host, "80FC0000").hexString == (word == "iPhone" ? "9000" : "6700"))
  }

  @Test("A terminal with the test certificate uses the auth key without its PIN; another does not")
  func terminal() throws {
    let host = try host(ContentsPeople.anybody())
    let files = try Dictionary(uniqueKeysWithValues: CardVerifiableFiles.terminal().map { ($0.name, $0.bytes) })
    let first = try #require(files["first.bin"])
    let second = try #require(files["second.bin"])
    let pem = try #require(files["key.pem"])
    let key = try RSAPrivateKey(pem: String(decoding: pem, as: UTF8.self))
    let body = "80A206C1000133" + first.hexString + "0000"
    let end = "80A200C1000105" + second.hexString + "0000"
    #expect(try send(host, "00A4040C0AD392F000260100000001", "00A4020C020016", body, end).hexString == "9000")
    let challenge = try send(host, "0084000008").dropLast(2)
    let proof = try key.signPKCS1SHA256(Array(challenge))
    #expect(try send(host, "00A4020C020017", "802A038003" + "010203" + "00").hexString == "6982")
    #expect(try send(host, "0082000000" + "0100" + proof.hexString).hexString == "9000")
    let signature = try send(host, "00A4020C020017", "802A038003" + "010203" + "00")
    #expect(signature.suffix(2) == [0x90, 0x00] && signature.count == 258)

    var wrong = second
    wrong[100] ^= 1
    #expect(
      try send(
        host, "00A4040C0AD3921000310001010408", "00A4040C0AD392F000260100000001", "00A4020C020016", body,
        "80A200C1000105" + wrong.hexString + "0000"
      ).hexString == "6985")
  }

  @Test("The driving licence tells whether it has a PIN and when it ends", arguments: [true, false])
  func drivingLicence(hasPIN: Bool) throws {
    let pin = hasPIN ? "    pin: \"4321\"\n" : ""
    let host = try host(ContentsPeople.anybody(card: "  licence:\n\(pin)    end: 2029-10-10"))
    let select = "00A4040C10A0000002310600000000000000000000"
    #expect(try send(host, select + "00", "00B09A0003").hexString == (hasPIN ? "C101019000" : "C101009000"))
    #expect(try send(host, "00200086").hexString == "63CA")
    #expect(try send(host, "00A4020C02001B", "00B0000402").hexString == "6982")
    #expect(try send(host, "0020008604" + (hasPIN ? "34333231" : "2A2A2A2A")).hexString == "9000")
    #expect(try send(host, "00A4020C02001B", "00B0000402").hexString == "C5079000")
    #expect(try send(host, "00B0000607").hexString == "05" + "313131303130" + "9000")
  }

  @Test(
    "Options that contradict each other are refused where they stand",
    arguments: [
      ("  token: android\n  generation: plastic", "token"), ("  serial: \"12\"", "serial"),
      ("  face: maybe", "face"), ("  licence:\n    end: 2001-01-01", "licence"),
      ("  token: iPhone\n  licence:\n    end: 2029-10-10", "phone"),
      ("  licence:\n    pin: \"12345\"\n    end: 2029-10-10", "PIN"), ("  answerToResetIn: nowhere", "nowhere"),
    ])
  func contradictions(card: String, word: String) throws {
    let error = #expect(throws: ResidentFaults.self) {
      try ResidentFile.parse(
        ContentsPeople.anybody(card: card), file: "test.yaml", name: "test", today: ContentsPeople.today)
    }
    #expect(error?.faults.contains { $0.problem.contains(word) && $0.position != nil } == true)
  }
}
