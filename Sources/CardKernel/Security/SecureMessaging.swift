import ISO7816

/// Secure messaging of the text application: AES-128-CBC, no MAC. Facts: `Docs/CardModel.md`, "Secure messaging".
///
/// | command            | data field                | answer           |
/// |--------------------|---------------------------|------------------|
/// | SELECT, VERIFY     | `86 L 01 ciphertext`      | status word only |
/// | READ BINARY        | `96 03 00 hi lo`, 0 = all | `86 L 01 ciphertext` |
///
/// The initial vector is the encrypted counter; the counter begins at 1, the answer uses its command's value, and every
/// secure command advances it, a refused one too. A message that does not open ends the session (6988).
enum SecureMessaging {
  /// Where an application stands.
  enum State: Sendable, Equatable {
    /// No session since the application was selected.
    case none
    /// A session that a bad message ended.
    case broken
    case active(key: [UInt8], counter: UInt64)
  }

  static let blockLength = 16
  private static let cryptogramTag: UInt32 = 0x86
  private static let lengthTag: UInt32 = 0x96
  private static let paddingIndicator: UInt8 = 0x01
  /// "The whole file": more than any file holds.
  private static let wholeFile = 65_536

  static func run(
    _ apdu: CommandAPDU, on card: inout Card, with effects: inout some CardEffects
  ) throws(StatusWord) -> ResponseAPDU {
    let hasSessions = card.currentApplication.hasSessions
    if apdu.cla == 0x0C && hasSessions { throw .secureMessagingObjectsMissing }
    guard case .active(let key, let counter) = card.session.secureMessaging else {
      throw refusal(of: apdu.ins, in: card.session.secureMessaging)
    }
    card.session.secureMessaging = .active(key: key, counter: counter &+ 1)
    do throws(Failure) {
      let channel = try Channel(key: key, counter: counter, &effects)
      let plain = try channel.open(apdu, &effects)
      var answer: ResponseAPDU
      do throws(StatusWord) {
        answer = try CommandTable.runPlain(plain, on: &card, with: &effects)
      } catch {
        return .status(error)
      }
      if !answer.data.isEmpty { answer.data = try channel.seal(answer.data, &effects) }
      return answer
    } catch {
      switch error {
      case .missing:
        card.session.secureMessaging = .broken
        throw .secureMessagingObjectsMissing
      case .incorrect:
        card.session.secureMessaging = .broken
        throw .secureMessagingObjectsIncorrect
      case .unsupported: throw .secureMessagingNotSupported
      case .cryptography: throw .noPreciseDiagnosis
      }
    }
  }

  /// Without a session: SELECT 6882, the rest 69FC; after a broken one, 69FC for all.
  private static func refusal(of ins: UInt8, in state: State) -> StatusWord {
    state == .none && ins != 0x20 && ins != 0xB0 ? .secureMessagingNotSupported : .noSecureMessagingSession
  }

  private enum Failure: Error {
    case missing, incorrect, unsupported, cryptography
  }

  /// One exchange: the key and the initial vector of this counter value.
  private struct Channel {
    let key: [UInt8]
    let iv: [UInt8]

    init(key: [UInt8], counter: UInt64, _ effects: inout some CardEffects) throws(Failure) {
      self.key = key
      let block = [UInt8](repeating: 0, count: 8) + (0..<8).reversed().map { UInt8(counter >> ($0 * 8) & 0xFF) }
      do throws(EffectFailure) {
        iv = try effects.encryptAES(block, key: key, iv: [UInt8](repeating: 0, count: blockLength))
      } catch {
        throw .cryptography
      }
    }

    /// The plain command inside a secure one.
    func open(_ apdu: CommandAPDU, _ effects: inout some CardEffects) throws(Failure) -> CommandAPDU {
      var plain = apdu
      plain.cla = 0x00
      switch apdu.ins {
      case 0x20, 0xA4:
        plain.data = try decrypt(try onlyObject(of: apdu, tag: cryptogramTag), &effects)
        plain.expectedLength = nil
      case 0xB0:
        let length = try onlyObject(of: apdu, tag: lengthTag)
        guard length.count == 3, length[0] == 0 else { throw .incorrect }
        let wanted = Int(length[1]) << 8 | Int(length[2])
        plain.data = []
        plain.expectedLength = wanted == 0 ? wholeFile : wanted
      default:
        throw .unsupported
      }
      return plain
    }

    private func onlyObject(of apdu: CommandAPDU, tag: UInt32) throws(Failure) -> [UInt8] {
      guard !apdu.data.isEmpty else { throw .missing }
      var offset = 0
      guard let object = try? BERTLV(parsing: apdu.data, at: &offset), offset == apdu.data.count, object.tag == tag
      else { throw .incorrect }
      // The length has one byte or the 81 form; a longer one is no message of this card.
      guard apdu.data[1] <= 0x81 else { throw .incorrect }
      return object.value
    }

    private func decrypt(_ object: [UInt8], _ effects: inout some CardEffects) throws(Failure) -> [UInt8] {
      guard object.first == paddingIndicator, object.count > 1, (object.count - 1) % blockLength == 0 else {
        throw .incorrect
      }
      let padded: [UInt8]
      do throws(EffectFailure) {
        padded = try effects.decryptAES(Array(object.dropFirst()), key: key, iv: iv)
      } catch {
        throw .cryptography
      }
      guard let end = padded.lastIndex(where: { $0 != 0 }), padded[end] == 0x80, padded.count - end <= blockLength
      else { throw .incorrect }
      return Array(padded[..<end])
    }

    func seal(_ data: [UInt8], _ effects: inout some CardEffects) throws(Failure) -> [UInt8] {
      let zeros = blockLength - 1 - data.count % blockLength
      let padded = data + [0x80] + [UInt8](repeating: 0, count: zeros)
      do throws(EffectFailure) {
        let cryptogram = try effects.encryptAES(padded, key: key, iv: iv)
        return BERTLV(tag: cryptogramTag, value: [paddingIndicator] + cryptogram).encoded
      } catch {
        throw .cryptography
      }
    }
  }
}

extension Application {
  /// Whether SET SESSION KEY can succeed here at all.
  var hasSessions: Bool {
    if case .available = sessionKey { return true }
    return false
  }
}
