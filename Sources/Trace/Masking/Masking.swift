import CardKernel
import ISO7816
import MyNumberCard

/// Keeps PINs and personal data out of traces. Lengths, headers and status words stay.
///
/// Of commands, only the data of those that are known to carry nothing secret are shown; whatever is malformed,
/// unknown or a PIN command is hidden from the fifth byte on, so that a VERIFY with a lying or missing length is hidden too.
public enum Masking {
  private static let headerLength = 4

  /// The instructions whose data may be seen: SELECT, READ BINARY, READ RECORD, GET DATA, GET CHALLENGE, INTERNAL and
  /// EXTERNAL AUTHENTICATE, COMPUTE DIGITAL SIGNATURE, SET PUBLIC IC KEY, SET SESSION KEY.
  private static let openInstructions: Set<UInt8> = [0xA4, 0xB0, 0xB2, 0xCA, 0x84, 0x88, 0x82, 0x2A, 0xA2, 0xAE]

  /// VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER and CHANGE KEY, in whatever class: plain, chained, secure, wrong.
  private static let secretInstructions: Set<UInt8> = [0x20, 0x21, 0x24, 0x2C, 0x32]

  /// A command without secrets.
  public static func masked(command: [UInt8]) -> TraceBytes {
    guard command.count > headerLength else { return TraceBytes(command) }
    let hidden = headerLength..<command.count
    guard let parsed = try? CommandAPDU(parsing: command) else { return TraceBytes(command, masking: hidden) }
    let ins = parsed.ins
    if openInstructions.contains(ins) { return TraceBytes(command) }
    guard !parsed.data.isEmpty else {
      // No data, so the rest is an Le; a single digit of a PIN whose length was forgotten would look just so.
      let isOpen = !secretInstructions.contains(ins) || command.dropFirst(headerLength).allSatisfy { $0 == 0 }
      return isOpen ? TraceBytes(command) : TraceBytes(command, masking: hidden)
    }
    let start = headerLength + (command[headerLength] == 0 ? 3 : 1)
    // What stands behind the data is an Le, or the last digit of a PIN whose length was one too small.
    let rest = command[(start + parsed.data.count)...]
    let end = rest.allSatisfy { $0 == 0 } ? rest.startIndex : command.count
    return TraceBytes(command, masking: start..<end)
  }

  /// An answer without personal data.
  /// - Parameters:
  ///   - response: what the card answered.
  ///   - command: what it was asked.
  ///   - application: the application that was current when the command came.
  ///   - currentFile: the file that was current when the command came.
  public static func masked(
    response: [UInt8], to command: [UInt8], application: ApplicationName, currentFile: FileID?
  ) -> TraceBytes {
    guard response.count > 2, isPersonal(command, application, currentFile) else { return TraceBytes(response) }
    return TraceBytes(response, masking: 0..<response.count - 2)
  }

  /// An answer whose file is not known: whatever was read is hidden.
  public static func masked(response: [UInt8], to command: [UInt8]) -> TraceBytes {
    let readingInstructions: Set<UInt8> = [0xB0, 0xB2, 0xCA]
    guard response.count > 2, command.count > 1, readingInstructions.contains(command[1]) else {
      return TraceBytes(response)
    }
    return TraceBytes(response, masking: 0..<response.count - 2)
  }

  private static func isPersonal(_ command: [UInt8], _ application: ApplicationName, _ file: FileID?) -> Bool {
    guard command.count >= headerLength else { return false }
    switch command[1] {
    case 0xB0:
      let named = command[2] & 0x80 == 0 ? file : FileID(shortIdentifier: command[2] & 0x1F)
      return named.map { personalFiles.contains(FilePath(application, $0)) } ?? false
    case 0xB2:
      let named = command[3] >> 3 == 0 ? file : FileID(shortIdentifier: command[3] >> 3)
      return named.map { personalFiles.contains(FilePath(application, $0)) } ?? false
    case 0xCA:
      return cardNumberTag == [command[2], command[3]]
    default:
      return false
    }
  }

  /// The files that tell who somebody is: my number, the four attributes and the hashes over both (twelve digits are
  /// soon guessed), the whole card face, the signature certificate with its name and address, the card's number, the licence.
  static let personalFiles: Set<FilePath> = [
    FilePath(.textInput, 0x0001), FilePath(.textInput, 0x0002), FilePath(.textInput, 0x0003),
    FilePath(.visualInspection, 0x0001), FilePath(.visualInspection, 0x0002), FilePath(.visualInspection, 0x0003),
    FilePath(.visualInspection, 0x0004), FilePath(.visualInspection, 0x0005), FilePath(.visualInspection, 0x0006),
    FilePath(.jpki, 0x0001), FilePath(.common, 0x0001), FilePath(.drivingLicence, 0x001B),
    FilePath(.drivingLicence, 0x001C),
  ]

  /// Data object 0045, the card's number.
  private static let cardNumberTag: [UInt8] = [0x00, 0x45]
}
