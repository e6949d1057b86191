import ArgumentParser
import CardService
import Foundation
import Trace

/// `vmyna trace`: the exchanges of a running service.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Show what programs and cards of the running service have said to each other.",
    discussion: """
      Shows the last events, and with --follow every new one. PINs and personal data are masked (··) unless --unmask is \
      given. A file of --pcap opens in Wireshark as it is: GSM SIM packets; masked bytes are '*' in it.
      """)

  @Flag(help: "Go on with every new event, until interrupted.")
  var follow = false

  @Option(help: ArgumentHelp("Say what each exchange means: ja or en.", valueName: "language"))
  var explain: ExplanationLanguage?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Option(help: ArgumentHelp("Write a capture for Wireshark to this file instead.", valueName: "file"))
  var pcap: String?

  @Flag(help: "Show PINs and personal data too.")
  var unmask = false

  @Option(help: ArgumentHelp("One slot only, from 0.", valueName: "number"))
  var slot: Int?

  @OptionGroup var socketOption: SocketOption

  func validate() throws {
    if json, pcap != nil { throw ValidationError("--json and --pcap are two forms of one trace. Give one of them.") }
    if pcap == "-" { throw ValidationError("--pcap writes a file. Name one: --pcap card.pcap") }
  }

  func run() throws {
    let client = try ControlClient(path: socketOption.path)
    let capture = try pcap.map { path throws(UserError) in try TraceFile(path, isUnmasked: true, isCapture: true) }
    var arguments: [String] = []
    if follow { arguments.append("follow") }
    if unmask { arguments.append("unmask") }
    var text: [UInt8] = []
    try client.follow(ControlRequest("trace", slot: slot, arguments: arguments)) { answer in
      guard let part = answer.trace else { return false }
      if part.lost > 0 { try Self.complain("vmyna: \(part.lost) events came too fast and are not shown\n") }
      text += part.text.utf8
      guard let end = text.lastIndex(of: UInt8(ascii: "\n")) else { return !part.isLast }
      let lines = text[...end]
      if json {
        try FileHandle.standardOutput.write(contentsOf: Data(lines))
      } else {
        try show(Array(lines), painter: TraceText(language: explain), capture)
      }
      text.removeSubrange(...end)
      return !part.isLast
    }
  }

  private func show(_ lines: [UInt8], painter: TraceText, _ capture: TraceFile?) throws {
    let events = try TraceLine.decode(lines: lines)
    if let capture {
      guard capture.write(events) else {
        throw UserError("the capture cannot be written", at: pcap ?? "", fix: "make room on the disk", exitCode: 3)
      }
      return
    }
    var shown: [UInt8] = []
    for event in events {
      painter.write(event, to: &shown)
      shown.append(UInt8(ascii: "\n"))
    }
    try FileHandle.standardOutput.write(contentsOf: Data(shown))
  }

  private static func complain(_ text: String) throws {
    try FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

extension ExplanationLanguage: ExpressibleByArgument {}
