import Foundation
import PCSCClient
import Scenario

/// One PC/SC client with one reader, as a story sees it.
final class SmartCardConnection {
  private let context: PCSCContext
  private let reader: String
  private var card: PCSCCard?

  /// How long the reader may take to notice a card.
  private static let longestWait = 10.0
  private static let waitMilliseconds: UInt32 = 1000
  /// SCARD_E_NO_SMARTCARD, SCARD_E_READER_UNAVAILABLE, SCARD_W_REMOVED_CARD.
  private static let noCard: Set<UInt32> = [0x8010_000C, 0x8010_0017, 0x8010_0069]

  init(reader: String) throws(UserError) {
    self.reader = reader
    do throws(PCSCFault) {
      context = try PCSCContext()
    } catch {
      throw UserError(
        "no pcscd answers (\(error))", at: "--reader",
        fix: "\(error.fix), or use: vmyna run -- vmyna play --reader \"$VMYNA_READER\" …", exitCode: 3)
    }
  }

  /// Waits until there is a card, or none.
  func wait(forCard isWanted: Bool) throws(UserError) {
    let deadline = Date().addingTimeInterval(Self.longestWait)
    let wanted: PCSCContext.ReaderState = isWanted ? .present : .empty
    var current: PCSCContext.ReaderState = []
    while true {
      do throws(PCSCFault) {
        current = try context.state(of: reader, differingFrom: current, milliseconds: Self.waitMilliseconds)
      } catch {
        throw UserError(error, at: reader)
      }
      if current.contains(wanted) { return }
      guard Date() < deadline else {
        throw UserError(
          "the reader has not seen the card \(isWanted ? "come" : "go")", at: "'\(reader)'",
          fix: "check that this pcscd's driver is configured for the socket in use: vmyna doctor", exitCode: 3)
      }
    }
  }

  /// Connects; a card that gives no answer is met again with every command.
  @discardableResult
  func connect() -> Bool {
    disconnect()
    card = try? context.connect(to: reader)
    return card != nil
  }

  func disconnect() { card = nil }

  func reconnect(_ initialization: PCSCCard.Initialization) -> StoryAnswer {
    guard let card else { return connect() ? answerToReset : absence }
    do throws(PCSCFault) {
      try card.reconnect(initialization)
    } catch {
      return Self.answer(error)
    }
    return answerToReset
  }

  /// What a card that cannot be reached is: not there, or mute.
  private var absence: StoryAnswer {
    let state = try? context.state(of: reader)
    return state?.contains(.present) == true ? .mute : .noCard
  }

  private var answerToReset: StoryAnswer {
    guard let card else { return .noCard }
    do throws(PCSCFault) { return .response(try card.answerToReset()) } catch { return Self.answer(error) }
  }

  func transmit(_ command: [UInt8]) -> StoryAnswer {
    guard let card else { return absence }
    do throws(PCSCFault) { return .response(try card.transmit(command)) } catch { return Self.answer(error) }
  }

  private static func answer(_ fault: PCSCFault) -> StoryAnswer { noCard.contains(fault.code) ? .noCard : .mute }
}
