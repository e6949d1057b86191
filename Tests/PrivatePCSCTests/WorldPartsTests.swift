import CPrivateWorld
import Glibc
import Testing

@testable import PrivatePCSC

@Suite struct WorldPartsTests {
  // MARK: pcscd told by its file

  static let newer = "/var/run/x\0cannot remove /run/pcscd/pcscd.comm: %s\0/run/pcscd/pcscd.comm\0"
  static let programs: [(text: String, folder: String, takesSocket: Bool, knowsPolkit: Bool)] = [
    (newer + "sd_listen_fds\0disable-polkit\0", "/run/pcscd", true, true),
    (newer + "sd_listen_fds\0", "/run/pcscd", true, false),
    (newer, "/run/pcscd", false, false),
    ("/opt/pcsc/run/pcscd.comm\0LISTEN_FDS\0", "/opt/pcsc/run", true, false),
    ("", "/run/pcscd", false, false),
  ]

  @Test(arguments: programs)
  func inspectsPCSCD(text: String, folder: String, takesSocket: Bool, knowsPolkit: Bool) throws {
    let path = try temporaryFile([0x7F] + Array("ELF\0".utf8) + Array(text.utf8) + Array("usbdropdir=/d/e f\0".utf8))
    defer { unlink(path) }
    let program = PCSCDProgram(inspecting: path)
    #expect(program.folder == folder)
    #expect(program.takesSocket == takesSocket)
    #expect(program.knowsPolkit == knowsPolkit)
    #expect(program.usbDrivers == "/d/e")
  }

  @Test(arguments: [1, 10, 10_000]) func theLastWordsOfALogAreItsLast(lines: Int) throws {
    let path = try temporaryFile((1...lines).flatMap { Array("line \($0)\n".utf8) })
    defer { unlink(path) }
    let last = (max(1, lines - 2)...lines).map { "line \($0)" }.joined(separator: " / ")
    #expect(PrivateWorld.lastWords(in: path) == " (pcscd says: \(last))")
    #expect(PrivateWorld.lastWords(in: path + ".none") == "")
  }

  @Test func asksTheHelpOfAWrapper() throws {
    let path = try temporaryFile(Array("#!/bin/sh\necho ' --disable-polkit'\n".utf8))
    defer { unlink(path) }
    chmod(path, 0o755)
    let program = PCSCDProgram(inspecting: path)
    #expect(program.knowsPolkit)
    #expect(!program.takesSocket)
  }

  // MARK: Ends

  static let statuses: [(status: Int32, code: Int32)] = [(0, 0), (1 << 8, 1), (255 << 8, 255), (9, 137), (15, 143)]

  @Test(arguments: statuses)
  func exitCodes(status: Int32, code: Int32) {
    let report = vmyna_report(
      outcome: VMYNA_OUTCOME_ENDED, wait_status: status, error: 0, timed_out: false, killed: false)
    let outcome = CommandOutcome(report, command: "c", timeout: nil, grace: .seconds(5))
    #expect(outcome.exitCode == code)
    #expect(outcome.notice == nil)
  }

  static let notStarted: [(error: Int32, code: Int32)] = [(ENOENT, 127), (EACCES, 126), (ENOEXEC, 126), (E2BIG, 126)]

  @Test(arguments: notStarted)
  func commandsThatDoNotStart(error: Int32, code: Int32) {
    let report = vmyna_report(
      outcome: VMYNA_OUTCOME_NOT_STARTED, wait_status: 0, error: error, timed_out: false, killed: false)
    let outcome = CommandOutcome(report, command: "c", timeout: nil, grace: .seconds(5))
    #expect(outcome.exitCode == code)
    #expect(outcome.notice?.description.contains("\n  fix: ") == true)
  }

  @Test func timeOutWinsOverTheSignal() {
    let report = vmyna_report(
      outcome: VMYNA_OUTCOME_ENDED, wait_status: 9, error: 0, timed_out: true, killed: true)
    #expect(CommandOutcome(report, command: "c", timeout: .seconds(1), grace: .seconds(5)).exitCode == 124)
  }

  @Test func milliseconds() {
    #expect(Duration.seconds(1.5).wholeMilliseconds == 1500)
    #expect(Duration.nanoseconds(1).wholeMilliseconds == 1)
    #expect(Duration.zero.wholeMilliseconds == 0)
    #expect(Duration.seconds(Int64.max / 2).wholeMilliseconds == Int64.max / 2)
  }

  // MARK: The driver's file

  static let own: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3E, 0]
  static let driverHeaders: [(header: [UInt8], fits: Bool)] = [
    (own, true),
    (own.replacing([0x3E, 0], with: [0xB7, 0]), false),
    (own.replacing([2, 1, 1], with: [1, 1, 1]), false),
    (own.replacing([3, 0], with: [2, 0]), false),
    (Array(own.dropLast()), false),
    ([], false),
  ]

  @Test(arguments: driverHeaders)
  func driversForThisMachine(header: [UInt8], fits: Bool) {
    #expect(DriverFile.isLibrary(header, likeProgram: Self.own) == fits)
  }

  @Test func wordsStayBytes() {
    let words = CommandWords(["é", "", "a b"])
    let copies = words.withArguments { pointers in
      (0..<3).map { index in pointers[index].map { String(cString: $0) } } + [pointers[3].map { _ in "more" }]
    }
    #expect(copies == ["é", "", "a b", nil])
  }

  private func temporaryFile(_ bytes: [UInt8]) throws -> String {
    var template = Array("/tmp/vmyna-test-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    try #require(file >= 0)
    defer { close(file) }
    #expect(write(file, bytes, bytes.count) == bytes.count)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
