import Foundation

/// The file that this program is.
enum ProgramFile {
  /// Where it lies, links followed. Asked for once: in another mount namespace the kernel tells the path of a program on
  /// a mounted volume from the volume's root, as if nothing stood before it (`vmyna run` from a container's volume).
  static let url = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()

  /// The folder that it lies in.
  static var folder: URL { url.deletingLastPathComponent() }

  /// Asks the kernel now: to be called before this process enters another mount namespace.
  static func remember() { _ = url }
}
