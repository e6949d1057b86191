import Foundation

/// One desk a folder: a lock that the system takes back when its process ends, however it ends. SQLite's own lock comes
/// with the first write only, which an up-to-date class does not see before the first trainee.
final class FolderLock: Sendable {
  /// The file that is locked; it stays.
  static let name = "desk.lock"
  private let folder: String
  private let descriptor: Int32

  init(folder: String) throws(DeskFault) {
    self.folder = folder
    descriptor = open("\(folder)/\(Self.name)", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw DeskFault("the folder of the class cannot be used", at: folder, fix: "name a folder of yours with --data")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .inUse(folder)
    }
  }

  deinit {
    // Said outright: a child between its fork and its exec has a copy of the descriptor, which would keep the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Makes a file that its owner alone may read, and leaves what is in it when it is there.
  func makePrivate(_ name: String) throws(DeskFault) {
    let path = "\(folder)/\(name)"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw DeskFault("the class cannot be written", at: path, fix: "name a folder of yours with --data")
    }
    defer { close(file) }
    guard fchmod(file, 0o600) == 0 else {
      throw DeskFault("the class belongs to somebody else", at: path, fix: "name a folder of yours with --data")
    }
  }
}

extension DeskFault {
  /// Somebody else's desk has the folder.
  static func inUse(_ folder: String) -> DeskFault {
    DeskFault(
      "another desk uses this folder (別の窓口道場がこのフォルダーを使っています)", at: folder,
      fix: "end the other 'vmyna desk', or name another folder with --data (先に動いている方を終えるか、--data で別のフォルダーを指定してください)"
    )
  }
}
