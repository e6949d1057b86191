import CardRules
import Foundation

/// Reads resident files. Their form: `Docs/Residents.md`.
public enum ResidentFile {
  /// The version of the form that this release reads.
  public static let format = 1
  /// How a resident file's name ends.
  public static let ending = ".yaml"
  /// A resident file is never longer.
  private static let largestFile = 256 << 10

  /// Reads a file.
  /// - Parameters:
  ///   - url: the file.
  ///   - today: the day of minting, from which relative dates count.
  /// - Throws: every fault, each with line, column and advice.
  public static func load(_ url: URL, today: CalendarDay) throws(ResidentFaults) -> Resident {
    let text = try text(of: url)
    return try parse(text, file: url.relativePath, name: url.deletingPathExtension().lastPathComponent, today: today)
  }

  private static func text(of url: URL) throws(ResidentFaults) -> String {
    func fault(_ problem: String, fix: String) -> ResidentFaults {
      ResidentFaults(faults: [ResidentFault(problem, file: url.relativePath, fix: fix)])
    }
    let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
    guard size <= largestFile else {
      throw fault("the file has more than \(largestFile) bytes", fix: "name a resident file")
    }
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw fault("the file cannot be read", fix: "check its name, its permissions, and that it is UTF-8")
    }
    return text
  }

  /// Reads the text of a resident file.
  public static func parse(
    _ text: String, file: String, name: String, today: CalendarDay
  ) throws(ResidentFaults) -> Resident {
    let faults = YAMLMap.Faults()
    let root: YAMLMap
    do throws(ResidentFault) {
      root = try YAMLMap.parse(text, file: file, faults: faults)
    } catch {
      throw ResidentFaults(faults: [error])
    }
    let resident = ResidentReader(root: root, name: name, today: today).read()
    guard faults.list.isEmpty, let resident else {
      throw ResidentFaults.sorted(faults.list)
    }
    return resident
  }

  /// The day that a date of a resident file means; `nil` for a text that is none.
  public static func day(_ text: String, today: CalendarDay) -> CalendarDay? { DateExpression.day(text, today: today) }

  /// Whether there are resident files in a folder.
  public static func isFolder(_ folder: URL) -> Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).contains { $0.hasSuffix(ending) }
  }

  /// Checks every resident file of a folder, each by itself and all together: no two residents have one number.
  /// - Parameters:
  ///   - folder: its files ending in `.yaml` are read.
  ///   - check: what else is to be found out about a resident.
  /// - Returns: how many files there are, and every fault.
  public static func check(
    folder: URL, today: CalendarDay, _ check: (Resident, URL) throws -> [ResidentFault]
  ) rethrows -> (count: Int, faults: [ResidentFault]) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let files = names.filter { $0.hasSuffix(ending) }.sorted().map { folder.appendingPathComponent($0) }
    var faults: [ResidentFault] = []
    var owners: [String: URL] = [:]
    for file in files {
      let resident: Resident
      do throws(ResidentFaults) {
        resident = try load(file, today: today)
      } catch {
        faults += error.faults
        continue
      }
      faults += try check(resident, file)
      guard let number = resident.registered.number else { continue }
      if let owner = owners[number] {
        faults.append(
          ResidentFault(
            "the number \(number) is that of \(owner.lastPathComponent) already", file: file.relativePath,
            at: place(of: "number", in: file),
            fix: "give each resident a number of their own, or leave the line out: one is made from the name"))
      } else {
        owners[number] = file
      }
    }
    return (files.count, faults)
  }

  private static func place(of key: String, in file: URL) -> ResidentFault.Position? {
    guard let text = try? text(of: file),
      let root = try? YAMLMap.parse(text, file: file.relativePath, faults: YAMLMap.Faults())
    else { return nil }
    return root.map("holder")?.place(key)
  }
}
