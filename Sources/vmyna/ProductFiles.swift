import Foundation

/// The files that come with the product: in `share/vmyna` of an installation, or among the sources of a build.
enum ProductFiles {
  /// The path of a file or folder; where it should be when it is nowhere.
  /// - Parameters:
  ///   - name: below `share/vmyna`.
  ///   - source: below the root of the repository.
  static func find(_ name: String, besideSources source: String) -> String {
    var folder = ProgramFile.folder
    let installed = folder.appendingPathComponent("../share/vmyna/\(name)").standardized.path
    var places = [installed]
    while folder.path != "/" {
      places.append(folder.appendingPathComponent(source).path)
      folder = folder.deletingLastPathComponent()
    }
    places.append("/usr/share/vmyna/\(name)")
    return places.first { FileManager.default.fileExists(atPath: $0) } ?? installed
  }
}
