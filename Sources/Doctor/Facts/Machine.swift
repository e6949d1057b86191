import CMachineProbe
import Glibc
import PrivatePCSC

/// All that the checks look at, gathered once.
struct Machine {
  let program: PCSCDProgram?
  /// Where clients look for pcscd.
  let clientSocket: String
  /// Whether `PCSCLITE_CSOCK_NAME` says so.
  let clientSocketIsChosen: Bool
  let process: DaemonProcess?
  /// pcscd's unit, where systemd runs.
  let unit: ServiceUnit?
  let configurationFolder: String
  let entries: [ReaderEntry]
  /// Whether somebody listens at `clientSocket`; `nil` when that cannot be told.
  let listens: Bool?
  let client: ClientView
  let versions: ProtocolVersions

  /// Whether pcscd runs where we see neither its process nor its files: on the host of this container, or beside it.
  var isElsewhere: Bool { listens == true && process == nil }

  /// The readers of vmyna.
  var ours: [ReaderEntry] { entries.filter(\.isOurs) }

  /// A client or pcscd that says nothing for so long hangs.
  static let limitMilliseconds: Int32 = 3000

  /// Looks at this machine. To be called while the process has one thread.
  init() {
    program = try? PCSCDProgram.find()
    let chosen = environmentValue("PCSCLITE_CSOCK_NAME")
    clientSocketIsChosen = chosen != nil
    let folder = program?.folder ?? "/run/pcscd"
    clientSocket = chosen ?? "\(folder)/pcscd.comm"
    let listening = vmyna_probe_listens(clientSocket)
    listens = listening < 0 ? nil : listening == 1
    versions = ProtocolVersions(socket: clientSocket, listens: listening == 1)
    client = ClientView()
    // After the clients: systemd may just have started it for them.
    process = DaemonProcess.find(socket: clientSocket)
    unit = ServiceUnit.find("pcscd.service")
    configurationFolder = process?.configurationFolder ?? "/etc/reader.conf.d"
    entries = listening == 1 && process == nil ? [] : ReaderEntry.all(in: configurationFolder)
  }

  static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// `path` as pcscd sees it, where we may look through its eyes.
  func seenByDaemon(_ path: String) -> String {
    guard let process, process.canSeeItsFiles else { return path }
    return process.root + path
  }
}

/// What a client of pcscd is told.
struct ClientView {
  /// One reader.
  struct Reader: Equatable {
    let name: String
    let hasCard: Bool
    /// What SCardConnect answers.
    let connect: UInt32
  }

  let hasLibrary: Bool
  /// Whether the client came to its end.
  let isComplete: Bool
  let establish: UInt32
  let list: UInt32
  let readers: [Reader]

  init() {
    var view = vmyna_client_view()
    vmyna_probe_client(ReaderConfiguration.friendlyName, Machine.limitMilliseconds, &view)
    hasLibrary = view.has_library
    isComplete = view.is_complete
    establish = view.establish
    list = view.list
    readers = withUnsafeBytes(of: &view.readers) { bytes in
      bytes.bindMemory(to: vmyna_reader_view.self).prefix(view.reader_count).map { reader in
        Reader(name: Self.name(of: reader), hasCard: reader.has_card, connect: reader.connect)
      }
    }
  }

  private static func name(of reader: vmyna_reader_view) -> String {
    withUnsafeBytes(of: reader.name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// The versions of the protocol that both ends speak.
struct ProtocolVersions {
  /// `4:4`.
  typealias Version = (major: Int32, minor: Int32)

  /// libpcsclite's; `nil` when it cannot be told.
  let client: Version?
  /// pcscd's.
  let server: Version?
  /// Whether pcscd takes this client.
  let isAccepted: Bool
  /// Why pcscd said nothing.
  let serverError: Int32

  init(socket: String, listens: Bool) {
    var proposed = vmyna_protocol_version()
    let knowsClient = vmyna_probe_client_version(Machine.limitMilliseconds, &proposed) == 0
    client = knowsClient ? (proposed.major, proposed.minor) : nil
    var answer = vmyna_protocol_version()
    var accepted = false
    guard listens else {
      (server, isAccepted, serverError) = (nil, false, 0)
      return
    }
    serverError = vmyna_probe_server_version(socket, proposed, Machine.limitMilliseconds, &answer, &accepted)
    server = serverError == 0 ? (answer.major, answer.minor) : nil
    isAccepted = accepted
  }

  static func text(_ version: Version) -> String { "\(version.major):\(version.minor)" }
}
