import Authority
import CardModel
import CardRules
import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Personalization
import Scenario
import Trace

/// What people and programs write: parsers that must refuse, and never trap.
enum TextFuzz {
  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  static func resident(_ bytes: [UInt8]) throws {
    guard let today = CalendarDay("2026-11-20") else { return }
    do {
      _ = try ResidentFile.parse(text(bytes), file: "fuzz.yaml", name: "fuzz", today: today)
    } catch {
      for fault in error.faults where fault.problem.isEmpty || fault.fix.isEmpty || fault.location.isEmpty {
        throw FuzzFinding("an error without words: \(fault)")
      }
      if error.faults.isEmpty { throw FuzzFinding("refused without a reason") }
    }
  }

  static func script(_ bytes: [UInt8]) throws {
    do { _ = try Story(parsing: bytes) } catch {
      guard !error.problem.isEmpty, !error.fix.isEmpty, error.line > 0 else {
        throw FuzzFinding("an error without words: \(error)")
      }
    }
  }

  static func model(_ bytes: [UInt8]) throws {
    let text = text(bytes)
    _ = ModelDocument(text).stories.map { try? ModelStory($0.story) }
    _ = try? ModelStory(text)
  }

  static func trace(_ bytes: [UInt8]) throws {
    let masked = Masking.masked(command: bytes)
    _ = Masking.masked(command: bytes)
    _ = "\(masked)"
    for line in text(bytes).split(separator: "\n").prefix(16) {
      _ = try? TraceToken.decode(line)
      guard let event = try? TraceLine.decode(String(line)) else { continue }
      _ = Explanation.of(event)
      _ = TraceCapture.packet(event)
      guard let again = try? TraceLine.decode(try TraceLine.encode(event)), again == event else {
        throw FuzzFinding("an event that is not read back as it was written: \(line)")
      }
    }
  }

  static func registry(_ bytes: [UInt8]) throws {
    guard let registry = try? Registry(json: bytes, path: "fuzz") else { return }
    let again = try Registry(json: Array(registry.json.utf8), path: "fuzz")
    if again.json != registry.json { throw FuzzFinding("a registry that is not read back as it was written") }
  }

  static func der(_ bytes: [UInt8]) throws {
    _ = try? DERElement(bytes)
    _ = try? X509Certificate(prefixOf: bytes)
    _ = try? RSAPrivateKey(pkcs8DER: bytes)
    _ = try? RSAPublicKey(subjectPublicKeyInfoDER: bytes)
    _ = try? PEM.decode(text(bytes), label: "CERTIFICATE")
    _ = try? BERTLV.sequence(parsing: bytes)
    _ = try? AnswerToReset(bytes)
    if let command = try? CommandAPDU(parsing: bytes), let again = try? CommandAPDU(parsing: command.bytes),
      again.data != command.data || again.ins != command.ins
    {
      throw FuzzFinding("a command that is not read back as it was written: \(bytes.hexString)")
    }
  }
}
