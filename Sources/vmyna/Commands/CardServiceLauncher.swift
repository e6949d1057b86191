/// Starts the card service of `vmyna run` on threads of this process.
enum CardServiceLauncher {
  /// What the service is to serve.
  struct Request {
    let cards: [String]
    /// Readers in all; the cards sit in the first ones.
    let readers: Int
    let state: String?
    let trace: String?
    /// Where the driver connects (SOCK_SEQPACKET).
    let socket: String
    /// A private folder that the command sees and that vanishes with it.
    let folder: String
    let readerNames: [String]
  }

  /// A service that listens.
  struct Running {
    /// For each reader, whether a card sits in it.
    let slotsWithCard: [Bool]
    /// The variables that tell the command what it has.
    let environment: [String: String]
    /// Prints the last exchanges, explained.
    let explainFailure: () -> Void
    let stop: () -> Void
  }

  /// Readers without a service: the driver shows them empty.
  static func start(_ request: Request) throws -> Running {
    Running(
      slotsWithCard: [], environment: ["VMYNA_READER": request.readerNames.first ?? ""], explainFailure: {}, stop: {})
  }
}
