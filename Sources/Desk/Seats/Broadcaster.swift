/// Tells everybody who listens to a topic that something has changed. What has changed they ask for themselves.
final actor Broadcaster {
  private struct Listener {
    let continuation: AsyncStream<Int>.Continuation
    var newest = 0
  }

  private var listeners: [String: [Int: Listener]] = [:]
  private var next = 0
  private var isClosed = false

  /// The versions of a topic as they come; only the newest is kept for a listener who is slow.
  func listen(to topic: String) -> AsyncStream<Int> {
    let (stream, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
    guard !isClosed else {
      continuation.finish()
      return stream
    }
    next += 1
    let id = next
    listeners[topic, default: [:]][id] = Listener(continuation: continuation)
    continuation.onTermination = { [weak self] _ in
      Task { await self?.forget(topic, id) }
    }
    return stream
  }

  /// Tells a topic's listeners. Those who tell do not wait for each other, so an older version may come last: it is left
  /// out.
  /// - Parameter version: 0 where nothing is counted, and is told always.
  func tell(_ topic: String, _ version: Int) {
    for (id, listener) in listeners[topic] ?? [:] where version == 0 || version > listener.newest {
      listeners[topic]?[id]?.newest = version
      listener.continuation.yield(version)
    }
  }

  /// How many listen to a topic.
  func count(_ topic: String) -> Int { listeners[topic]?.count ?? 0 }

  /// Ends a topic, or everything: the listeners' streams end.
  func close(_ topic: String? = nil) {
    if let topic {
      for listener in (listeners.removeValue(forKey: topic) ?? [:]).values { listener.continuation.finish() }
      return
    }
    isClosed = true
    for listener in listeners.values.flatMap(\.values) { listener.continuation.finish() }
    listeners = [:]
  }

  private func forget(_ topic: String, _ id: Int) {
    listeners[topic]?[id] = nil
    if listeners[topic]?.isEmpty == true { listeners[topic] = nil }
  }
}
