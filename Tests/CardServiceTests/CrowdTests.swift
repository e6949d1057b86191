import Foundation
import Testing

@testable import CardService

@Suite("Many connections", .serialized)
struct CrowdTests {
  @Test("Whoever holds every control connection keeps no driver out, and the next one hears why")
  func controls() throws {
    let test = try TestService()
    var held: [Link] = []
    for number in 0..<CardService.mostControls {
      let (link, status) = try test.connect(.control)
      #expect(status == 0, "connection \(number)")
      link.socket.send(Array(#"{"action":"watch"}"#.utf8))
      held.append(link)
    }
    for _ in 0..<200 { #expect(try test.connect(.control).status == 3) }
    let fault = #expect(throws: ServiceFault.self) { try ControlClient(path: test.path) }
    #expect(fault?.problem.contains("takes no more") == true)
    #expect(fault?.fix.contains("vmyna status --watch") == true)
    let (driver, status) = try test.connect(.commands)
    #expect(status == 0)
    #expect(driver.ask(.powerOn)?.status == 0)
    #expect(try test.connect(.events).status == 0)
    held.removeLast(10)
    #expect(waitFor { (try? test.connect(.control).status) == 0 })
    #expect(driver.ask(.powerOn)?.status == 0)
  }

  @Test("Of those that say nothing the oldest goes, and whoever says hello is heard at once")
  func silence() throws {
    let test = try TestService()
    var silent: [PacketSocket] = []
    for _ in 0..<(CardService.mostGreetings * 3) { silent.append(try PacketSocket.connect(to: test.path)) }
    let clock = ContinuousClock()
    let start = clock.now
    let (driver, status) = try test.connect(.commands)
    #expect(status == 0)
    #expect(driver.ask(.powerOn)?.status == 0)
    #expect(try ControlClient(path: test.path).ask(ControlRequest("status")).slots?.count == 1)
    #expect(clock.now - start < .seconds(2))
    silent[0].setReceiveLimit(milliseconds: 5_000)
    #expect(silent[0].receive(limit: 100) == nil)
  }

  /// The test's own user is let in whatever the list says; the others are tried by the real-client suite ("safety").
  @Test(
    "Where pcscd's users are named, this user is let in in every role",
    arguments: [LinkFrame.Role.commands, .events, .control])
  func ownUser(role: LinkFrame.Role) throws {
    let test = try TestService(driverUsers: [65_533])
    #expect(try test.connect(role).status == 0)
  }

  private func waitFor(_ condition: () -> Bool) -> Bool {
    for _ in 0..<500 {
      if condition() { return true }
      usleep(10_000)
    }
    return false
  }
}
