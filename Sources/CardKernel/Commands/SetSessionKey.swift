import ISO7816

/// SET SESSION KEY (`80 AE 00 00`): begins secure messaging. Facts: `Docs/CardModel.md`, "Secure messaging".
///
/// | case                                              | answer |
/// |---------------------------------------------------|--------|
/// | an application without a session key              | 66F1 or 6982, as the application says |
/// | the PIN not verified                              | 6982, before anything is decrypted |
/// | a cryptogram not below the modulus                | 6F00   |
/// | anything but `A0 22 80 20` and a seed of 32 bytes | 6A80   |
/// | else                                              | 9000   |
struct SetSessionKey: CardCommand {
  private let cryptogram: [UInt8]
  private static let seedHeader: [UInt8] = [0xA0, 0x22, 0x80, 0x20]
  private static let seedLength = 32

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.p1 == 0, apdu.p2 == 0 else { throw .incorrectParameters }
    cryptogram = apdu.data
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let application = card.currentApplication
    switch application.sessionKey {
    case .refused(let answer):
      throw answer
    case .available(let file, let material, let pin):
      guard cryptogram.count == PublicKey.modulusLength else { throw .wrongLength }
      guard card.session.verified.contains(pin) else { throw .securityStatusNotSatisfied }
      let plain: [UInt8]
      do throws(DecryptionFailure) {
        let key = KeyHandle(path: FilePath(application.name, file), material: material)
        plain = try effects.decryptOAEP(cryptogram, with: key)
      } catch {
        throw error == .malformed ? .incorrectData : .noPreciseDiagnosis
      }
      guard plain.count == Self.seedHeader.count + Self.seedLength, plain.starts(with: Self.seedHeader) else {
        throw .incorrectData
      }
      let seed = plain.dropFirst(Self.seedHeader.count)
      card.session.secureMessaging = .active(key: Array(seed.prefix(SecureMessaging.blockLength)), counter: 1)
      return .success
    }
  }
}
