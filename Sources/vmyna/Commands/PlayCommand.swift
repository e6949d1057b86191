import ArgumentParser
import CardRules
import Foundation
import ISO7816
import Scenario
import Trace

/// `vmyna play`: stories with a card.
struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Play story scripts, and show the first line that goes otherwise than written.",
    discussion: """
      Without --reader the stories are played without pcscd. With it they go through pcscd and its reader, each \
      with the card that it names put in: vmyna run -- sh -c 'vmyna play --reader "$VMYNA_READER" Stories/*.apdu'. \
      The language of the scripts is in Docs/Stories.md.
      """)

  @Argument(help: ArgumentHelp("Story scripts; '-' is standard input.", valueName: "script"))
  var scripts: [String]

  @Option(help: ArgumentHelp("Play with this card instead of the one that the story names.", valueName: "card"))
  var card: String?

  @Option(help: ArgumentHelp("Play through pcscd, in the reader of this name.", valueName: "name"))
  var reader: String?

  @Flag(help: "Show PINs and what was read, when a line goes otherwise.")
  var unmask = false

  @Flag(name: .shortAndLong, help: "Say nothing of stories that go as written.")
  var quiet = false

  @OptionGroup var socketOption: SocketOption

  func run() throws {
    let cards = StoryCards()
    var played = 0
    for script in scripts {
      let story = try load(script)
      let outcome = try play(story, script, cards)
      if let difference = outcome.difference {
        try FileHandle.standardOutput.write(contentsOf: Data(text(difference, script).utf8))
        throw ExitCode(1)
      }
      played += 1
      guard !quiet else { continue }
      let title = story.title.map { "\($0.japanese) / \($0.english)" } ?? ""
      print("ok  \(script)  \(title)".trimmingCharacters(in: .whitespaces))
    }
    if !quiet && played > 1 { print("\(played) stories, all as written") }
  }

  private func load(_ script: String) throws -> Story {
    let file = script == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: script)
    // One byte more than a script may have is enough to see that it is too long.
    guard let file, let data = try? file.read(upToCount: Story.longestScript + 1) ?? Data() else {
      throw UserError("the script cannot be read", at: script, fix: "name a file that is there, such as Stories/*.apdu")
    }
    do throws(StoryFault) {
      return try Story(parsing: Array(data))
    } catch {
      throw UserError(error.problem, at: "\(script):\(error.line):\(error.column)", fix: error.fix, exitCode: 1)
    }
  }

  private func play(
    _ story: Story, _ script: String, _ cards: StoryCards
  ) throws -> (difference: StoryDifference?, exchanges: Int) {
    let name = card ?? story.card ?? "fresh-adult"
    let day = story.day.flatMap { CalendarDay($0) }
    let beginning = StoryCard(name: name, day: day, image: try cards.find(name, on: day).image)
    if let reader {
      let world = try ReaderStoryWorld(beginning, from: cards, reader: reader, socket: socketOption.path)
      defer { world.end() }
      var player = StoryPlayer(world)
      return (player.play(story), player.exchangeCount)
    }
    let world = try LocalStoryWorld(beginning, from: cards)
    defer { world.end() }
    var player = StoryPlayer(world)
    return (player.play(story), player.exchangeCount)
  }

  private func text(_ difference: StoryDifference, _ script: String) -> String {
    var lines = [
      "\(script):\(difference.line.number): it went otherwise", "  \(difference.line.text)",
      "- \(difference.expected)", "+ \(difference.got)",
    ]
    for exchange in difference.exchanges {
      let command = unmask ? TraceBytes(exchange.command) : Masking.masked(command: exchange.command)
      lines.append("  > \(command)")
      switch exchange.answer {
      case .response(let bytes):
        lines.append("  < \(unmask ? TraceBytes(bytes) : Masking.masked(response: bytes, to: exchange.command))")
      case .noCard: lines.append("  < no card")
      case .mute: lines.append("  < no answer")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
