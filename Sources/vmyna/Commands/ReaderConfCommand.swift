import ArgumentParser
import PrivatePCSC

/// `vmyna reader-conf`: what pcscd is to be told of our readers.
struct ReaderConfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reader-conf",
    abstract: "Print the text for pcscd's reader.conf.d.")

  @Option(help: ArgumentHelp("How many readers, 1 to \(ReaderConfiguration.mostReaders).", valueName: "number"))
  var readers = 1

  // The same default as of `vmyna serve`: what one writes down is where the other listens.
  @OptionGroup var socketOption: SocketOption

  @Option(help: ArgumentHelp("The reader driver.", valueName: "path"))
  var driver: String?

  func run() throws {
    do {
      let driver = try driver ?? DriverLocation.find()
      print(try ReaderConfiguration.text(readers: readers, driver: driver, socket: socketOption.path), terminator: "")
    } catch let error as WorldError {
      error.tell()
      throw ExitCode(error.exitCode)
    }
  }
}
