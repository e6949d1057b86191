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

  @Option(help: "The folder of the gallery's cards.")
  var cards: String

  func run() async throws {
    do {
      let lessons = try TrainingLessons(training: training, cards: cards)
      let configuration = DeskConfiguration(
        port: port, data: data, page: training + "/desk", readings: try Readings.read(training + "/furigana.yaml"))
      let server = try DeskServer(configuration, lessons: lessons)
      try await server.run { addresses in
        let text = "desk     \(addresses.desk)\ntrainer  \(addresses.trainer)\nready\n"
        // Whoever has closed standard output does not want to know.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
      }
    } catch let fault as DeskFault {
      let place = fault.place.map { ", \($0)" } ?? ""
      try? FileHandle.standardError.write(contentsOf: Data("vmyna: \(fault.what)\(place)\n  fix: \(fault.fix)\n".utf8))
      throw ExitCode(2)
    }
  }
}
