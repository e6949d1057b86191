import CMachineProbe
import CPrivateWorld
import Glibc

/// The ground on which a private world stands: the road that the machine allows, and the folder it leads to.
struct Ground {
  let road: Road
  let folder: String
  let clientSocket: String
  /// In a folder of its own: `folder` is locked by its keepers, and the service locks the one that it listens in.
  var serviceSocket: String { "\(folder)/service/socket" }
  /// What the guardian removes besides `folder`.
  var socketToRemove: String?
  var pidFile: String?
  /// The machine's own pcscd, whose number stands in `pidFile`.
  var machinePCSCD: pid_t = 0
  var directoryToRemove: String?

  /// Takes the first road that the machine allows.
  static func find(for program: PCSCDProgram, only: Road?) throws(WorldError) -> Ground {
    var tried: [String] = []
    for road in Road.allCases where only == nil || road == only {
      switch take(road, for: program) {
      case .success(let ground): return ground
      case .failure(let reason): tried.append("\(road.rawValue): \(reason.text)")
      }
    }
    throw WorldError(
      "no private world can be made here (\(tried.joined(separator: "; ")))", at: program.folder,
      fix: fix(for: tried, program: program))
  }

  struct Refusal: Error {
    let text: String
  }

  private static func take(_ road: Road, for program: PCSCDProgram) -> Result<Ground, Refusal> {
    switch road {
    case .namespace: takeNamespace(program)
    case .userNamespace: takeUserNamespace(program)
    case .socket: takeSocket(program)
    case .machine: takeMachine(program)
    }
  }

  // MARK: Namespaces

  private static func takeNamespace(_ program: PCSCDProgram) -> Result<Ground, Refusal> {
    guard geteuid() == 0 else { return .failure(Refusal(text: "needs root")) }
    var step: UnsafePointer<CChar>?
    var error = vmyna_world_unshare(false, &step)
    if error == 0 { error = vmyna_world_cover(program.folder, &step) }
    return error == 0 ? makeFolder(.namespace, program) : .failure(refusal(step, error))
  }

  private static func takeUserNamespace(_ program: PCSCDProgram) -> Result<Ground, Refusal> {
    var failed = [CChar](repeating: 0, count: 128)
    let refused = vmyna_world_try_user_namespace(program.folder, &failed, failed.count)
    guard refused == 0 else { return .failure(failed.withUnsafeBufferPointer { refusal($0.baseAddress, refused) }) }
    var step: UnsafePointer<CChar>?
    var error = vmyna_world_unshare(true, &step)
    if error == 0 { error = vmyna_world_cover(program.folder, &step) }
    return error == 0 ? makeFolder(.userNamespace, program) : .failure(refusal(step, error))
  }

  private static func makeFolder(_ road: Road, _ program: PCSCDProgram) -> Result<Ground, Refusal> {
    // Below pcscd's folder, which is ours alone and vanishes with the last process of the namespace.
    let folder = "\(program.folder)/vmyna"
    guard mkdir(folder, 0o755) == 0 else { return .failure(Refusal(text: "mkdir: \(errorText(errno))")) }
    return .success(Ground(road: road, folder: folder, clientSocket: program.socket))
  }

  // MARK: No namespace

  private static func takeSocket(_ program: PCSCDProgram) -> Result<Ground, Refusal> {
    guard program.takesSocket else {
      return .failure(Refusal(text: "this pcscd takes no socket from its parent (built without systemd)"))
    }
    let exists = access(program.folder, F_OK) == 0
    // pcscd ends if its compiled-in folder is not there and cannot be made, even when it does not use it.
    guard exists || access(parent(of: program.folder), W_OK) == 0 || canMakeUserNamespace(program) else {
      return .failure(Refusal(text: "\(program.folder) is missing and cannot be made"))
    }
    return makeTemporaryFolder().map { folder in
      Ground(
        road: .socket, folder: folder, clientSocket: "\(folder)/pcscd.comm", pidFile: program.pidFile,
        machinePCSCD: vmyna_world_running_pcscd(program.pidFile),
        directoryToRemove: exists ? nil : program.folder)
    }
  }

  private static func canMakeUserNamespace(_ program: PCSCDProgram) -> Bool {
    vmyna_world_try_user_namespace(program.folder, nil, 0) == 0
  }

  private static func takeMachine(_ program: PCSCDProgram) -> Result<Ground, Refusal> {
    let exists = access(program.folder, F_OK) == 0
    guard exists || mkdir(program.folder, 0o755) == 0 || errno == EEXIST, access(program.folder, W_OK) == 0 else {
      return .failure(Refusal(text: "\(program.folder) cannot be written"))
    }
    let lock = vmyna_world_lock(program.folder)
    guard lock >= 0 else {
      let reason = -lock == EWOULDBLOCK ? "another vmyna run uses \(program.folder)" : errorText(-lock)
      return .failure(Refusal(text: reason))
    }
    // The machine's own pcscd, or the systemd that would start it, is not to notice us.
    let running = vmyna_world_running_pcscd(program.pidFile)
    guard running == 0, vmyna_probe_listens(program.socket) == 0 else {
      close(lock)
      let who = running > 0 ? "pcscd \(running) runs" : "another pcscd answers at \(program.socket)"
      return .failure(Refusal(text: "\(who), and this road would disturb it"))
    }
    // A stale number that is in use again would stop pcscd.
    unlink(program.socket)
    unlink(program.pidFile)
    return makeTemporaryFolder().map { folder in
      Ground(
        road: .machine, folder: folder, clientSocket: program.socket, socketToRemove: program.socket,
        pidFile: program.pidFile, directoryToRemove: exists ? nil : program.folder)
    }
  }

  private static func makeTemporaryFolder() -> Result<String, Refusal> {
    // Short (a socket's path has 107 bytes) and plain (pcscd's reader.conf takes no spaces).
    vmyna_world_sweep("/tmp", "vmyna-run-")
    var template = Array("/tmp/vmyna-run-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { bytes -> String? in
      guard let base = bytes.baseAddress, mkdtemp(base) != nil else { return nil }
      return String(cString: base)
    }
    guard let made else { return .failure(Refusal(text: "mkdtemp in /tmp: \(errorText(errno))")) }
    // Held by this process and the guardian: as long as one lives, the folder is in use.
    _ = vmyna_world_lock(made)
    return .success(made)
  }

  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
  }

  // MARK: Furniture

  /// Puts the driver and the reader configuration in place.
  func place(driver: String, readers: Int, program: PCSCDProgram) throws(WorldError) {
    do throws(WorldError) {
      // Under a plain name of our own: reader.conf cannot hold every path.
      let link = "\(folder)/libifdvmyna.so"
      let source = Self.realPath(driver)
      let inNamespace = road == .namespace || road == .userNamespace
      let error = inNamespace ? vmyna_world_bind_file(source, link) : symlink(source, link) == 0 ? 0 : errno
      guard error == 0 else {
        throw WorldError("cannot show the driver to pcscd: \(errorText(error))", at: driver, fix: "check its folder")
      }
      if inNamespace, let drivers = program.usbDrivers {
        // The readers on the machine's desk are not part of a private world; without drivers pcscd leaves them be.
        _ = vmyna_world_hide(drivers)
      }
      let text = try ReaderConfiguration.text(readers: readers, driver: link, socket: serviceSocket)
      let configuration = "\(folder)/reader.conf.d"
      guard mkdir("\(folder)/service", 0o755) == 0, mkdir(configuration, 0o755) == 0,
        Self.write(text, to: "\(configuration)/vmyna")
      else {
        throw WorldError(
          "cannot write pcscd's configuration: \(errorText(errno))", at: configuration, fix: "free space")
      }
    } catch {
      remove()
      throw error
    }
  }

  private static func realPath(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func write(_ text: String, to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Glibc.write(file, text, text.utf8.count) == text.utf8.count
  }

  /// Does the guardian's removals when there is none (yet, or any more).
  func remove() { withCleanup { vmyna_world_remove($0) } }

  /// Calls `body` with what the guardian is to remove.
  func withCleanup<Result>(_ body: (vmyna_cleanup) -> Result) -> Result {
    let inNamespace = road == .namespace || road == .userNamespace
    let paths = [inNamespace ? nil : folder, socketToRemove, pidFile, directoryToRemove]
    return withCStrings(paths.map { $0 ?? "" }) { words in
      let present = (0..<4).map { paths[$0] == nil ? nil : words[$0] }
      return body(
        vmyna_cleanup(
          folder: present[0], socket: present[1], pid_file: present[2], machine_pcscd: machinePCSCD,
          directory: present[3]))
    }
  }

  // MARK: Words

  private static func refusal(_ step: UnsafePointer<CChar>?, _ error: Int32) -> Refusal {
    Refusal(text: "\(step.map { String(cString: $0) } ?? "a system call"): \(errorText(error))")
  }

  private static func fix(for tried: [String], program: PCSCDProgram) -> String {
    let all = tried.joined()
    if all.contains("another vmyna run uses") {
      return "wait for the other vmyna run to end, or allow namespaces (Docs/Run.md, \"Containers\")"
    }
    if all.contains("is missing and cannot be made") {
      return "as root: mkdir -p \(program.folder) (in a Dockerfile: RUN mkdir -p \(program.folder))"
    }
    if all.contains("would disturb it") {
      return "stop that pcscd, or use its readers with vmyna serve"
    }
    return "allow user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0, "
      + "user.max_user_namespaces=1000; docker run --security-opt seccomp=unconfined), or run as root"
  }
}
