/// The text that tells pcscd of our readers (`reader.conf`), and the names that clients then see.
public enum ReaderConfiguration {
  /// FRIENDLYNAME of every entry; pcscd makes the names unique.
  public static let friendlyName = "vmyna Virtual Reader"
  /// pcscd's PCSCLITE_MAX_READERS_CONTEXTS before 2.5.
  public static let mostReaders = 16

  /// The PC/SC name of the reader in `slot`, as pcscd forms it: the name, the number of the reader among those of
  /// that name, the slot within the reader (both in hex).
  public static func readerName(slot: Int) -> String {
    let number = String(slot, radix: 16, uppercase: true)
    return "\(friendlyName) \(number.count < 2 ? "0" : "")\(number) 00"
  }

  /// One entry per reader, slots from 0.
  ///
  /// - Throws: for a number of readers that pcscd does not take, and for a path that `reader.conf` cannot hold.
  public static func text(readers: Int, driver: String, socket: String) throws(WorldError) -> String {
    guard (1...mostReaders).contains(readers) else {
      throw WorldError(
        "\(readers) readers", at: "reader.conf",
        fix: "name 1 to \(mostReaders) readers (pcscd's limit)", exitCode: WorldError.usedWrongly)
    }
    try checkPath(driver, of: "the driver")
    try checkPath(socket, of: "the card service's socket")
    var text = "# Virtual readers of vmyna. Made by `vmyna reader-conf`.\n"
    for slot in 0..<readers {
      // LIBPATH last: pcscd takes an entry as complete as soon as it has a name, a library and one of
      // DEVICENAME and CHANNELID, and what comes after would belong to the next one.
      text += """

        FRIENDLYNAME "\(friendlyName)"
        DEVICENAME   vmyna:\(slot):\(socket)
        CHANNELID    \(slot)
        LIBPATH      \(driver)

        """
    }
    return text
  }

  /// pcscd's grammar takes these characters outside of quotes, and does not take the quotes off a path.
  private static func checkPath(_ path: String, of what: String) throws(WorldError) {
    let isPlain = path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "=\\/-._@:".utf8.contains(byte)
      }
    }
    guard path.hasPrefix("/"), isPlain else {
      throw WorldError(
        "the path of \(what) cannot be written into pcscd's reader.conf", at: path,
        fix: "use an absolute path of the letters A-Z a-z 0-9 and = \\ / - . _ @ :", exitCode: WorldError.usedWrongly)
    }
  }
}
