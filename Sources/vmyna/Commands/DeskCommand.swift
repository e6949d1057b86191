import ArgumentParser
import Foundation
import PrivatePCSC

/// `vmyna desk`: the training desk. The server is a program of its own; this finds it and becomes it.
struct DeskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "desk",
    abstract: "Serve the training desk (窓口道場) on this machine.",
    discussion: """
      Prints the address of the page, that of the trainer's board with its key, and 'ready'; ends cleanly on SIGTERM or \
      SIGINT. Up to 40 people practise the counter's procedures on invented residents. Nothing leaves the machine.
      """)

  @Option(help: ArgumentHelp("The port on 127.0.0.1; 0 takes a free one.", valueName: "number"))
  var port = 8750

  @Option(
    help: ArgumentHelp("Keep the class in this folder (default: vmyna/desk in your data folder).", valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The training folder; VMYNA_TRAINING by default, or that of the product, which also gives what the folder has not.",
      valueName: "folder"))
  var lessons: String?

  @Flag(help: "Let a seat's card, chosen on the trainer's board, stand in a PC/SC reader as well (as 'vmyna serve').")
  var reader = false

  @OptionGroup var socketOption: SocketOption

  func validate() throws {
    if !(0...65535).contains(port) { throw ValidationError("--port is 0 to 65535.") }
  }

  /// Where the class is kept when nobody says so.
  static var usualData: String {
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "/tmp") + "/.local/share"
    return base + "/vmyna/desk"
  }

  /// The server: beside this program, or where an installation keeps it.
  static func program() throws -> String {
    let places = ["vmyna-desk", "../libexec/vmyna/vmyna-desk"].map {
      ProgramFile.folder.appendingPathComponent($0).standardized.path
    }
    guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw UserError(
        "the desk's program is missing", at: places[0], fix: "install vmyna again, or build it with 'make build'",
        exitCode: 3)
    }
    return program
  }

  func run() throws {
    let program = try Self.program()
    let product = ProductFiles.find("Training", besideSources: "Training")
    let training = lessons ?? ProcessInfo.processInfo.environment["VMYNA_TRAINING"] ?? product
    guard FileManager.default.fileExists(atPath: training + "/lessons") else {
      throw UserError("there are no lessons", at: training, fix: "name the folder that holds lessons/ with --lessons")
    }
    let absolute = { (path: String) in URL(fileURLWithPath: path).standardized.path }
    var arguments = [
      program, "--port", String(port), "--data", absolute(data ?? Self.usualData), "--training", absolute(training),
      "--common", product, "--cards", ProductFiles.find("CardImages", besideSources: "CardImages"),
    ]
    if reader {
      let path = socketOption.path
      try? FileManager.default.createDirectory(
        at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o755])
      arguments += ["--socket", path, "--reader-name", ReaderConfiguration.readerName(slot: 0)]
    }
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    execv(program, words)
    throw UserError(
      "the desk's program does not start: \(String(cString: strerror(errno)))", at: program, fix: "install vmyna again",
      exitCode: 3)
  }
}
