import Foundation
import FuzzTargets
import Testing

/// Every kept input of the fuzzers, played again: what once broke something must not do so a second time.
@Suite(.serialized) struct FuzzSeedTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/seeds")

  private static func seeds(of target: FuzzTarget) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: target.rawValue), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  @Test(arguments: FuzzTarget.allCases) func replay(_ target: FuzzTarget) throws {
    let seeds = try Self.seeds(of: target)
    #expect(!seeds.isEmpty, "no seeds in \(target.rawValue)")
    for seed in seeds {
      do { try target.run([UInt8](try Data(contentsOf: seed))) } catch { Issue.record("\(seed.path): \(error)") }
    }
  }

  /// The seeds with a byte changed, cut off or doubled: a fuzzer in small, the same bytes in every run.
  @Test(arguments: FuzzTarget.allCases) func neighbours(_ target: FuzzTarget) throws {
    var state: UInt64 = 0x5EED
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: state >> 33) % max(1, bound)
    }
    for seed in try Self.seeds(of: target) {
      let bytes = [UInt8](try Data(contentsOf: seed))
      for round in 0..<12 where !bytes.isEmpty {
        var other = bytes
        let place = random(bytes.count)
        switch round % 4 {
        case 0: other[place] ^= 1 << UInt8(random(8))
        case 1: other[place] = UInt8(random(256))
        case 2: other.removeSubrange(place...)
        default: other.insert(contentsOf: bytes[place...].prefix(random(40)), at: place)
        }
        do { try target.run(other) } catch { Issue.record("\(seed.lastPathComponent), round \(round): \(error)") }
      }
    }
  }

  /// A folder without a target would never be played.
  @Test func noOtherFolders() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue) + ["driver-frame", "driver-link"]))
  }

  @Test func seedsAreSmall() throws {
    var total = 0
    for target in FuzzTarget.allCases {
      for seed in try Self.seeds(of: target) {
        let size = try seed.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        #expect(size <= 16 << 10, "\(seed.path)")
        total += size
      }
    }
    #expect(total < 1 << 20)
  }
}
