import Foundation
import Synchronization

/// What others keep beside a card whose state is in memory only, by name, as files lie beside a journal. It ends with the
/// card.
public final class CardPapers: Sendable {
  private let papers: Mutex<[String: Data]> = Mutex([:])

  /// The names of all.
  public var names: [String] { papers.withLock { Array($0.keys) } }

  /// One of them.
  public subscript(name: String) -> Data? {
    get { papers.withLock { $0[name] } }
    set { papers.withLock { $0[name] = newValue } }
  }
}
