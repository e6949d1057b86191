import Testing

@testable import PrivatePCSC

@Suite struct ReaderConfigurationTests {
  @Test(arguments: [(0, "00"), (1, "01"), (9, "09"), (10, "0A"), (15, "0F")])
  func namesCountInHex(slot: Int, number: String) {
    #expect(ReaderConfiguration.readerName(slot: slot) == "vmyna Virtual Reader \(number) 00")
  }

  @Test func eachEntryEndsWithItsLibrary() throws {
    let text = try ReaderConfiguration.text(readers: 2, driver: "/usr/lib/libifdvmyna.so", socket: "/run/vmyna/s")
    #expect(
      text == """
        # Virtual readers of vmyna. Made by `vmyna reader-conf`.

        FRIENDLYNAME "vmyna Virtual Reader"
        DEVICENAME   vmyna:0:/run/vmyna/s
        CHANNELID    0
        LIBPATH      /usr/lib/libifdvmyna.so

        FRIENDLYNAME "vmyna Virtual Reader"
        DEVICENAME   vmyna:1:/run/vmyna/s
        CHANNELID    1
        LIBPATH      /usr/lib/libifdvmyna.so

        """)
  }

  @Test(arguments: ["/a b/d.so", "relative.so", "/山田/d.so", "/a\"b", "/a\nLIBPATH /x", ""])
  func refusesWhatTheFileCannotHold(path: String) {
    #expect(throws: WorldError.self) { try ReaderConfiguration.text(readers: 1, driver: path, socket: "/s") }
    #expect(throws: WorldError.self) { try ReaderConfiguration.text(readers: 1, driver: "/d.so", socket: path) }
  }

  @Test(arguments: [-1, 0, 17])
  func refusesNumbersThatPCSCDRefuses(readers: Int) {
    #expect(throws: WorldError.self) { try ReaderConfiguration.text(readers: readers, driver: "/d.so", socket: "/s") }
  }
}
