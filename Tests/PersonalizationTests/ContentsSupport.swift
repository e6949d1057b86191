import Authority
import CardHost
import CardImage
import CardKernel
import CardRules
import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Testing

@testable import Personalization

/// People of the tests of card contents.
enum ContentsPeople {
  static let today = CalendarDay(year: 2026, month: 11, day: 20) ?? .first

  /// The holder of the test cards whose dumps are public, as far as those tell.
  static func testHolder(card: String = "") -> String {
    """
    format: 1
    holder:
      name: 黒桐　幹也
      birth: 1980-02-17
      sex: male
      address: 東京都清瀬市観布子南１２－７－２０２
      municipality: "13221"
      number: "537686677188"
    card:
      issued: 2025-10-27
      securityCode: "2285"
      serial: "400000012719843"
    \(card)
    certificates:
      sign: withCard
      auth: withCard
    pins:
      sign: ABC123
      auth: "1234"
      textInput: "1234"
      residentRecord: "1234"
    """
  }

  /// Somebody invented.
  static func anybody(name: String = "見本　花子", address: String = "愛知県名古屋市中区架空町１丁目２番３号", card: String = "")
    -> String
  {
    """
    format: 1
    holder:
      name: \(name)
      birth: 1990-09-10
      sex: female
      address: \(address)
      municipality: "23106"
    card:
      issued: 2026-06-01
    \(card)
    certificates:
      sign: withCard
      auth: withCard
    pins:
      sign: ABC123
      auth: "1234"
      textInput: "1234"
    """
  }

  static func resident(_ text: String) throws -> Resident {
    do throws(ResidentFaults) {
      return try ResidentFile.parse(text, file: "test.yaml", name: "test", today: today)
    } catch {
      for fault in error.faults { Issue.record("\(fault), fix: \(fault.fix)") }
      throw error
    }
  }

  static func image(_ text: String, seed: UInt64 = 0) throws -> CardImage {
    try Minter(today: today, seed: seed).mint(try resident(text))
  }
}

extension CardImage {
  /// A file's bytes; records an issue when it is not there.
  func file(_ application: ApplicationName, _ id: FileID) throws -> [UInt8] {
    try #require(data[FilePath(application, id)], "no file \(application.rawValue)/\(id)")
  }

  func key(_ application: ApplicationName, _ id: FileID) throws -> RSAPrivateKey {
    try RSAPrivateKey(pkcs8DER: try #require(keys[FilePath(application, id)], "no key \(application.rawValue)/\(id)"))
  }

  /// The key that EF 0004 certifies, after its certificate was checked with the authority's key.
  func certifiedKey(_ application: ApplicationName, _ purpose: CardVerifiableAuthority.Purpose) throws -> RSAPublicKey {
    let certificate = try CardVerifiableCertificate(prefixOf: try file(application, 0x0004))
    #expect(certificate.isSigned(by: try CardVerifiableAuthority(purpose).issuerKey.publicKey))
    return certificate.publicKey
  }
}

/// A record taken apart by hand: the tests do not read with what they test.
struct TakenApart {
  let tag: UInt32
  let bytes: [UInt8]
  /// Every object: its tag, its place in the record, all its bytes and its value.
  let objects: [(tag: UInt32, offset: Int, whole: [UInt8], value: [UInt8])]

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    let outer = try Self.header(bytes, at: 0)
    tag = outer.tag
    #expect(outer.start + outer.length == bytes.count, "the record fills its file")
    var list: [(UInt32, Int, [UInt8], [UInt8])] = []
    var offset = outer.start
    while offset < bytes.count {
      let inner = try Self.header(bytes, at: offset)
      let end = inner.start + inner.length
      try #require(end <= bytes.count)
      list.append((inner.tag, offset, Array(bytes[offset..<end]), Array(bytes[inner.start..<end])))
      offset = end
    }
    objects = list
  }

  private static func header(_ bytes: [UInt8], at offset: Int) throws -> (tag: UInt32, start: Int, length: Int) {
    try #require(bytes.count > offset + 2)
    let tag = UInt32(bytes[offset]) * 256 + UInt32(bytes[offset + 1])
    let first = Int(bytes[offset + 2])
    guard first >= 0x80 else { return (tag, offset + 3, first) }
    try #require(first == 0x82 && bytes.count > offset + 4, "lengths from 128 on are 82 hh ll")
    let length = Int(bytes[offset + 3]) * 256 + Int(bytes[offset + 4])
    #expect(length >= 128)
    return (tag, offset + 5, length)
  }

  func value(_ tag: UInt32) throws -> [UInt8] { try #require(objects.first { $0.tag == tag }?.value) }

  /// The objects with these tags, tag and length included, one after another.
  func whole(_ tags: UInt32...) throws -> [UInt8] {
    try tags.flatMap { tag in try #require(objects.first { $0.tag == tag }?.whole) }
  }

  /// The offset table says where every later object stands.
  func checkOffsets() throws {
    let table = try #require(objects.first)
    #expect(table.tag == 0xDF21)
    let offsets = stride(from: 0, to: table.value.count, by: 2).map {
      Int(table.value[$0]) * 256 + Int(table.value[$0 + 1])
    }
    #expect(offsets == objects.dropFirst().map(\.offset))
    #expect(offsets.allSatisfy { $0 < 0x8000 })
  }
}

/// The modulus inside `90 03 010001 91 82 0100 …`.
func modulus(_ objects: [UInt8]) throws -> [UInt8] {
  try #require(objects.count == 265 && Array(objects.prefix(9)) == [0x90, 3, 1, 0, 1, 0x91, 0x82, 1, 0])
  return Array(objects.suffix(256))
}
