import CardKernel
import Cryptography
import ISO7816
import MyNumberCard

/// Builds the files of the synthetic card by the formulas of `Docs/CardModel.md`, "Formats".
enum SyntheticContents {
  static let shared: Result<CardContents, any Error> = Result { try build() }

  private static func build() throws -> CardContents {
    var contents = CardContents()
    for pin in PINName.allCases { contents.pins[pin.path] = .init(SyntheticCard.value(of: pin)) }
    for (path, name) in keyFiles { contents.keys[path] = try SyntheticCard.key(name).pkcs8DER }
    contents.terminalAuthorities[FilePath(.jpki, 0x0016)] =
      try SyntheticCard.key(.terminalAuthority).publicKey.modulus
    try fillJPKI(&contents)
    try fillText(&contents)
    try fillVisual(&contents)
    fillRecords(&contents)
    fillDataObjects(&contents)
    return contents
  }

  private static let keyFiles: [(FilePath, SyntheticCard.Key)] = [
    (FilePath(.jpki, 0x0017), .auth), (FilePath(.jpki, 0x001A), .sign), (FilePath(.textInput, 0x0013), .text),
    (FilePath(.textInput, 0x0006), .session), (FilePath(.visualInspection, 0x001A), .visual),
    (FilePath(.common, 0x0019), .common),
  ]

  private static func fillJPKI(_ contents: inout CardContents) throws {
    let issuer = try SyntheticCard.key(.issuer)
    func certificate(_ name: SyntheticCard.Key, _ commonName: String) throws -> [UInt8] {
      func distinguishedName(_ text: String) -> [UInt8] {
        DER.sequence(
          DER.set(DER.sequence(ObjectIdentifier.countryName.der, DER.printableString("JP"))),
          DER.set(DER.sequence(ObjectIdentifier.organizationName.der, DER.utf8String("JPKI-VIRTUAL"))),
          DER.set(DER.sequence(ObjectIdentifier.commonName.der, DER.utf8String(text))))
      }
      let template = CertificateTemplate(
        serial: [1], issuer: distinguishedName("issuer"), subject: distinguishedName(commonName),
        notBefore: 1_700_000_000, notAfter: 2_000_000_000, publicKey: try SyntheticCard.key(name).publicKey,
        extensions: [])
      return try template.signed(with: issuer).der
    }
    contents.data[FilePath(.jpki, 0x0001)] = try certificate(.sign, "holder, sign")
    contents.data[FilePath(.jpki, 0x0002)] = try certificate(.issuer, "sign root")
    contents.data[FilePath(.jpki, 0x000A)] = try certificate(.auth, "holder, auth")
    contents.data[FilePath(.jpki, 0x000B)] = try certificate(.issuer, "auth root")
    contents.data[FilePath(.jpki, 0x0006)] = TokenInformation.encoded(for: .card)
    contents.data[FilePath(.jpki, 0x0008)] = [0x8F, 0x8F, 0x00]
  }

  static let attributes = BERTLV(
    tag: 0xFF20,
    children: [
      BERTLV(tag: 0xDF21, value: [0x00, 0x0E, 0x00, 0x20, 0x00, 0x59, 0x00, 0x64]),
      text(0xDF22, "黒桐　幹也"), text(0xDF23, "東京都清瀬市観布子南１２－７－２０２"), text(0xDF24, "19800217"),
      text(0xDF25, "1"),
    ]
  ).encoded

  private static func fillText(_ contents: inout CardContents) throws {
    let number = [0xFF, 0x10, 0x0C] + Array(SyntheticCard.myNumber.utf8) + [0xFF, 0xFF]
    let issuer = try SyntheticCard.key(.issuer)
    contents.data[FilePath(.textInput, 0x0001)] = number
    contents.data[FilePath(.textInput, 0x0002)] = attributes
    // The hashed part begins behind the offset table.
    let hashes = [
      BERTLV(tag: 0xDF31, value: SHA256.digest(number)),
      BERTLV(tag: 0xDF32, value: SHA256.digest(Array(attributes.dropFirst(3 + 11)))),
    ]
    contents.data[FilePath(.textInput, 0x0003)] = try signed(0xFF30, hashes, signatureTag: 0xDF33, with: issuer)
    contents.data[FilePath(.textInput, 0x0004)] = try verifiableCertificate(for: .issuer, by: .terminalAuthority)
    contents.data[FilePath(.textInput, 0x0005)] =
      BERTLV(
        tag: 0xFF40,
        children: [
          BERTLV(tag: 0xDF41, value: [0x01, 0x03, 0x0E, 0x01]), BERTLV(tag: 0xDF42, value: keyIdentifier("6000033")),
          BERTLV(tag: 0xDF43, value: [UInt8](repeating: 0x11, count: 32) + [UInt8](repeating: 0xFF, count: 96)),
        ]
      ).encoded
    contents.data[FilePath(.textInput, 0x0006)] = BERTLV(tag: 0xA1, children: try publicKey(.session)).encoded
    contents.data[FilePath(.textInput, 0x0007)] = try signed(
      0xFF50, [BERTLV(tag: 0xDF51, children: try publicKey(.text))], signatureTag: 0xDF52, with: issuer)
  }

  private static func fillVisual(_ contents: inout CardContents) throws {
    let issuer = try SyntheticCard.key(.issuer)
    let key = try publicKey(.visual)
    let picture = [UInt8](repeating: 0x33, count: 300)
    contents.data[FilePath(.visualInspection, 0x0001)] = try signed(
      0xFF10, [text(0xDF11, "19800217"), BERTLV(tag: 0xDF12, children: key)], signatureTag: 0xDF13, with: issuer)
    var face = [text(0xDF22, "19800217"), text(0xDF23, "1"), BERTLV(tag: 0xDF24, children: key)]
    face += [0xDF25, 0xDF26, 0xDF27].map { BERTLV(tag: $0, value: picture) }
    let hashes = SHA256.digest(face[0...2].flatMap(\.encoded)) + SHA256.digest(face[3...4].flatMap(\.encoded))
    let block: [UInt8] =
      [
        0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x60,
      ] + hashes + SHA256.digest(face[5].encoded)
    face.append(BERTLV(tag: 0xDF28, value: try issuer.signPKCS1(block)))
    face += [text(0xDF29, "20350217"), BERTLV(tag: 0xDF2A, value: picture)]
    var offsets: [UInt8] = []
    // The first offset is 001A: tag and length of the record (5), tag and length of the table (3), the table (18).
    var position = 0x1A
    for object in face {
      offsets += [UInt8(position >> 8), UInt8(position & 0xFF)]
      position += object.encoded.count
    }
    contents.data[FilePath(.visualInspection, 0x0002)] =
      BERTLV(tag: 0xFF20, children: [BERTLV(tag: 0xDF21, value: offsets)] + face).encoded
    contents.data[FilePath(.visualInspection, 0x0003)] =
      BERTLV(
        tag: 0xFF30,
        children: [
          BERTLV(tag: 0xDF31, value: [0x06, 0x03, 0x0E, 0x01]), BERTLV(tag: 0xDF32, value: keyIdentifier("6000024")),
          BERTLV(tag: 0xDF33, value: [0x01]), text(0xDF34, "13221"),
          BERTLV(tag: 0xDF35, value: keyIdentifier("6000024") + [UInt8](repeating: 0x22, count: 256)),
        ]
      ).encoded
    contents.data[FilePath(.visualInspection, 0x0004)] = try verifiableCertificate(
      for: .issuer, by: .terminalAuthority)
    contents.data[FilePath(.visualInspection, 0x0005)] = try signed(
      0xFF40, [BERTLV(tag: 0xDF41, value: picture), BERTLV(tag: 0xDF42, children: key)], signatureTag: 0xDF43,
      with: issuer)
  }

  private static func fillRecords(_ contents: inout CardContents) {
    let identifier = Array("4000000127198431322120350217".utf8)
    let reference = [0x01, 0x10] + keyIdentifier("6000020")
    contents.records[FilePath(.common, 0x0001)] = [[0x01, 0x1C] + identifier]
    contents.records[FilePath(.common, 0x0002)] = [reference]
    contents.records[FilePath(.residentRecord, 0x0002)] = [reference]
  }

  private static func fillDataObjects(_ contents: inout CardContents) {
    let verifiable = (try? verifiableCertificate(for: .issuer, by: .terminalAuthority)) ?? []
    contents.dataObjects[.cardManager] = [
      0x0042: keyIdentifier("6000020"), 0x0045: Array("400000012719843".utf8),
      0x0066: [UInt8](hex: "661E731C06072A864886FC6B01600B06092A864886FC6B020201630406022A03") ?? [],
      0x00F0: Array("13221".utf8), 0x00F2: Array("20350217".utf8), 0x00F7: keyIdentifier("6000020"),
      // The certificate without its outer header.
      0x00F8: Array(verifiable.dropFirst(5)), 0x7F21: verifiable,
      0x5F51: [UInt8](hex: "DA13FF8131FB468012392F31C173C601C03B") ?? [],
    ]
    contents.dataObjects[.jpki] = [0x5F51: [UInt8](hex: "DA13FF8131FB468012392F31C173C601C03B") ?? []]
  }

  static func text(_ tag: UInt32, _ value: String) -> BERTLV { BERTLV(tag: tag, value: Array(value.utf8)) }

  static func keyIdentifier(_ number: String) -> [UInt8] {
    Array(number.utf8) + [0x08, 0x05] + Array("001".utf8) + [0, 0, 0, 0]
  }

  static func publicKey(_ name: SyntheticCard.Key) throws -> [BERTLV] {
    [
      BERTLV(tag: 0x90, value: [0x01, 0x00, 0x01]),
      BERTLV(tag: 0x91, value: try SyntheticCard.key(name).publicKey.modulus),
    ]
  }

  /// `children`, then a signature over them as they stand.
  static func signed(
    _ tag: UInt32, _ children: [BERTLV], signatureTag: UInt32, with key: RSAPrivateKey
  ) throws -> [UInt8] {
    let signature = try key.signPKCS1SHA256(children.flatMap(\.encoded))
    return BERTLV(tag: tag, children: children + [BERTLV(tag: signatureTag, value: signature)]).encoded
  }

  /// The 568 bytes of a card-verifiable certificate.
  static func verifiableCertificate(
    for subject: SyntheticCard.Key, by issuer: SyntheticCard.Key
  ) throws -> [UInt8] {
    let body = keyIdentifier("6000023") + keyIdentifier("6000024") + (try publicKey(subject)).flatMap(\.encoded)
    let signature = try SyntheticCard.key(issuer).signPKCS1SHA256(body)
    return BERTLV(
      tag: 0x7F21, children: [BERTLV(tag: 0x5F4E, value: body), BERTLV(tag: 0x5F37, value: signature)]
    ).encoded
  }
}
