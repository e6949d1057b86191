import ArgumentParser
import Authority
import Foundation

/// `vmyna pki terminal`: what a program needs to act as an authorised terminal.
struct PKITerminalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminal",
    abstract: "Write a terminal's card-verifiable certificate and key, for 80 A2.",
    discussion: """
      With EF 0016 of the JPKI application selected, send 80A206C1 with the data of first.bin and 80A200C1 with that of \
      second.bin, both in extended length; then 00840000 for a challenge, and 00820000 with key.pem's PKCS#1 v1.5 \
      signature over it (SHA-256). After that the authentication key signs without its PIN. The last two steps are our choice.
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder, made when it is not there.", valueName: "folder"))
  var output: String

  func run() throws {
    try CardVerifiableOutput.write(try CardVerifiableFiles.terminal(), to: output)
  }
}

/// `vmyna pki verifiable`: the keys that card-verifiable certificates are checked with.
struct PKIVerifiableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verifiable",
    abstract: "Write the keys that card-verifiable certificates are checked with.",
    discussion: """
      One file for each chain, SubjectPublicKeyInfo in PEM: visualInspection.pem (6000023), textInput.pem (6000033), \
      cardManager.pem (6000020) and terminal.pem (9200073). The keys are the same for every card.
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder, made when it is not there.", valueName: "folder"))
  var output: String

  func run() throws {
    try CardVerifiableOutput.write(try CardVerifiableFiles.roots(), to: output)
  }
}

/// Writes files of the card-verifiable authority.
enum CardVerifiableOutput {
  static func write(_ files: [CardVerifiableFiles.File], to path: String) throws {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for file in files {
        let url = folder.appendingPathComponent(file.name)
        try Data(file.bytes).write(to: url)
        if file.isSecret {
          try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        }
      }
    } catch {
      throw UserError(
        "the files cannot be written", at: folder.path,
        fix: "name a folder that you may write to, and check that the disk has room", exitCode: 1)
    }
  }
}
