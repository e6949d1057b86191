import FuzzTargets
import Glibc

/// libFuzzer's door. One program holds every target; `VMYNA_FUZZ_TARGET` chooses.
private let target: FuzzTarget? = getenv("VMYNA_FUZZ_TARGET").flatMap { FuzzTarget(rawValue: String(cString: $0)) }

/// Called once for each input.
@_cdecl("LLVMFuzzerTestOneInput") public func runOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let target else {
    print("VMYNA_FUZZ_TARGET names no target; one of: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
    exit(2)
  }
  do {
    try target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    // libFuzzer keeps the input of a trap.
    fatalError("\(error)")
  }
  return 0
}
