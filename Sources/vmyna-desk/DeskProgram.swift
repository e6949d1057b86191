import ArgumentParser
import Desk
import Foundation

/// The training desk as a program of its own, which `vmyna desk` becomes: no other command carries a web server.
@main
struct DeskProgram: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vmyna-desk", abstract: "The training desk. Start it with 'vmyna desk'.")

  @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
  var port = 8750

  @Option(help: "The folder of the class; it is made when it is not there.")
  var data: String

  @Option(help: "The folder Training: lessons, sentences, papers, profiles and the page.")
  var training: String

  @Option(help: "The product's folder Training, for what the other has not got.")
  var common: String?

  @Option(help: "The folder of the gallery's cards.")
  var cards: String

  @Option(help: "Let a seat's card stand in a PC/SC reader; this is the socket for its driver.")
  var socket: String?

  @Option(help: "The reader's name in PC/SC.")
  var readerName = "vmyna"

  func run() async throws {
    // A client that goes away while it is written to is no reason to end.
    signal(SIGPIPE, SIG_IGN)
    var reader: CardReader?
    do {
      let lessons = try TrainingLessons(training: training, cards: cards, common: common)
      let configuration = DeskConfiguration(
        port: port, data: data, page: place("desk"), readings: try Readings.read(place("furigana.yaml")))
      for complaint in lessons.complaints { Self.complain("vmyna: a lesson is left out: \(complaint)\n") }
      if let socket { reader = try CardReader(socket: socket, readerName: readerName) }
      // What the class's folder holds is nobody else's; the reader's socket above is for its driver.
      umask(0o077)
      let server = try DeskServer(configuration, lessons: lessons, reader: reader)
      try await server.run { addresses in
        let text = "desk     \(addresses.desk)\ntrainer  \(addresses.trainer)\nready\n"
        // Whoever has closed standard output does not want to know.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
      }
      await reader?.stop()
    } catch let fault as DeskFault {
      await reader?.stop()
      Self.complain("vmyna: \(fault.what)\(fault.place.map { ", \($0)" } ?? "")\n  fix: \(fault.fix)\n")
      throw ExitCode(2)
    }
  }

  /// A file or folder of the training folder, or the product's.
  private func place(_ name: String) -> String {
    let own = "\(training)/\(name)"
    guard let common, !FileManager.default.fileExists(atPath: own) else { return own }
    return "\(common)/\(name)"
  }

  private static func complain(_ text: String) {
    // Nobody is left to tell when standard error is closed.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
