import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Where the desk finds and keeps things.
public struct DeskConfiguration: Sendable {
  /// The port on loopback; 0 takes a free one.
  public var port: Int
  /// The folder of the class; `nil` keeps it in memory.
  public var data: String?
  /// The folder of the page's files.
  public var page: String
  /// Words and their readings.
  public var readings: [String: String]

  /// A configuration.
  public init(port: Int, data: String?, page: String, readings: [String: String]) {
    self.port = port
    self.data = data
    self.page = page
    self.readings = readings
  }
}

/// The desk as a server on loopback.
public struct DeskServer: Sendable {
  /// The addresses to open.
  public struct Addresses: Sendable, Equatable {
    /// The trainees' page.
    public var desk: String
    /// The trainer's board, with its key.
    public var trainer: String
  }

  let configuration: DeskConfiguration
  let room: ClassRoom
  private let pages: PageFiles
  private let readings: String

  /// Opens the class and reads the page.
  /// - Parameter reader: the PC/SC reader that a seat's card may stand in.
  public init(
    _ configuration: DeskConfiguration, lessons: any LessonSource, reader: CardReader? = nil
  ) throws(DeskFault) {
    self.configuration = configuration
    pages = try PageFiles(folder: configuration.page)
    readings = encoded(configuration.readings) ?? "{}"
    let store = try DeskStore(folder: configuration.data)
    do {
      room = try ClassRoom(store: store, source: lessons, reader: reader)
    } catch {
      throw DeskFault(
        "the class cannot be read", at: configuration.data, fix: "name another folder with --data")
    }
  }

  /// What answers which request.
  func router() -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.middlewares.add(Guard())
    SeatRoutes(room: room).add(to: router)
    TrainerRoutes(room: room).add(to: router)
    router.get("/api/furigana") { [readings] _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-cache"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: readings)))
    }
    for path in ["/", "/**"] {
      router.get(RouterPath(path)) { [pages] request, _ in
        guard let response = pages.response(to: request) else { throw Guard.noSuchPage }
        return response
      }
    }
    return router
  }

  /// Serves until SIGTERM or SIGINT; `started` is told the addresses when pages can be asked for.
  public func run(started: @escaping @Sendable (Addresses) -> Void) async throws {
    var logger = Logger(label: "vmyna-desk")
    logger.logLevel = .error
    let key = room.trainerKey
    var application = Application(
      router: router(),
      configuration: .init(address: .hostname("127.0.0.1", port: configuration.port), serverName: nil),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? 0
        let desk = "http://127.0.0.1:\(port)/"
        started(Addresses(desk: desk, trainer: "\(desk)trainer?key=\(key)"))
      }, logger: logger)
    application.addServices(Housekeeping(room: room))
    do {
      try await application.runService()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw DeskFault(
        "the port is in use", at: "--port \(configuration.port)",
        fix: "end the other program, or take a free port with --port 0")
    } catch let error as IOError where error.errnoCode == EACCES {
      throw DeskFault(
        "this port needs the administrator's rights", at: "--port \(configuration.port)",
        fix: "take a port from 1024 on")
    }
  }
}

/// Gives the memory of idle seats back now and then.
private struct Housekeeping: Service {
  let room: ClassRoom

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(60))
        await room.rest()
      }
    }
  }
}
