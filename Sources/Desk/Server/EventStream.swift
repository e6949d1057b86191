import Foundation
import Hummingbird
import ServiceLifecycle

/// Server-sent events: one line of data whenever a topic has changed.
enum EventStream {
  /// A line of nothing goes out so often, that a closed page is noticed.
  static let heartbeat: Duration = .seconds(20)

  /// - Parameter version: the version now; asked for when every later one is sure to be told.
  static func response(
    _ broadcaster: Broadcaster, _ topic: String, version: @Sendable () async -> Int
  ) async -> Response {
    let changes = await broadcaster.listen(to: topic)
    let version = await version()
    let body = ResponseBody { writer in
      try await writer.write(ByteBuffer(string: "data:{\"version\":\(version)}\n\n"))
      // A desk that ends waits for its answers; this one would have no end.
      for try await line in lines(changes).cancelOnGracefulShutdown() {
        try await writer.write(ByteBuffer(string: line))
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }

  /// The changes as lines, with a heartbeat between them.
  private static func lines(_ changes: AsyncStream<Int>) -> AsyncStream<String> {
    AsyncStream { continuation in
      let told = Task {
        for await version in changes { continuation.yield("data:{\"version\":\(version)}\n\n") }
        continuation.finish()
      }
      let beats = Task {
        while !Task.isCancelled {
          try await Task.sleep(for: heartbeat)
          continuation.yield(":\n\n")
        }
      }
      continuation.onTermination = { _ in
        told.cancel()
        beats.cancel()
      }
    }
  }
}
