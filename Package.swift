// swift-tools-version: 6.2
import PackageDescription

// The modules and their borders: Docs/Architecture.md. A target may import only what stands in its
// `dependencies`; `make build` passes --explicit-target-dependency-import-check error, so the build enforces it.

let swift: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

// The reader driver: C11 and nothing beside it. Only IFDH* leave the library, and pcscd cannot unload it under a
// thread that still runs in it. Headers of pcsclite, not the library: pcscd brings the functions along.
let driverC: [CSetting] = [
  .define("_GNU_SOURCE"),
  .unsafeFlags([
    "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror", "-fvisibility=hidden",
    "-isystem", "/usr/include/PCSC",
  ]),
]
let driverLinker: [LinkerSetting] = [
  .unsafeFlags([
    "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/CReaderDriver/exports.map",
    "-Xlinker", "-z", "-Xlinker", "nodelete",
    // swiftc does the linking, but nothing of Swift may come along.
    "-nostartfiles", "-no-toolchain-stdlib-rpath",
    "-Xclang-linker", "--config=\(Context.packageDirectory)/Sources/CReaderDriver/linker.cfg",
  ])
]

let package = Package(
  name: "vmyna",
  products: [
    .executable(name: "vmyna", targets: ["vmyna"]),
    .library(name: "ifdvmyna", type: .dynamic, targets: ["CReaderDriver"]),
    .library(name: "VirtualCardTesting", targets: ["VirtualCardTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The card: pure functions of bytes. No Foundation, no clock, no files, no threads.
    .target(name: "ISO7816", swiftSettings: swift),
    .target(name: "CardKernel", dependencies: ["ISO7816"], swiftSettings: swift),
    .target(name: "MyNumberCard", dependencies: ["CardKernel", "ISO7816"], swiftSettings: swift),
    .target(name: "CardRules", swiftSettings: swift),
    // Stories and faults: text about cards, as pure as the card. Exchanges and what they mean: of Foundation, numbers as
    // text (Trace/TraceLine.swift).
    .target(name: "Scenario", dependencies: ["MyNumberCard", "CardKernel", "ISO7816"], swiftSettings: swift),
    .target(name: "Trace", dependencies: ["MyNumberCard", "CardKernel", "ISO7816"], swiftSettings: swift),

    .target(
      name: "Coverage", dependencies: ["Trace", "MyNumberCard", "CardKernel", "ISO7816"], swiftSettings: swift),

    // The people's side: keys, certificates, residents, and from a resident to a card image.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: swift),
    .target(name: "Authority", dependencies: ["Cryptography", "CardRules"], swiftSettings: swift),
    .target(
      name: "Personalization",
      dependencies: [
        "CardImage", "Authority", "CardRules", "Cryptography", "MyNumberCard", "CardKernel", "ISO7816",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),

    // A card on disk, and a card with its world around it: memory, randomness, libcrypto.
    .target(name: "CardImage", dependencies: ["MyNumberCard", "CardKernel", "ISO7816"], swiftSettings: swift),
    .target(
      name: "CardHost", dependencies: ["CardImage", "Cryptography", "MyNumberCard", "CardKernel", "ISO7816"],
      swiftSettings: swift),

    // The training desk: lessons, exercises and the judge as pure functions, and the real cards behind them.
    .target(name: "CounterTraining", dependencies: ["CardRules", "MyNumberCard"], swiftSettings: swift),
    .target(
      name: "TrainingWorld",
      dependencies: [
        "CounterTraining", "CardService", "CardHost", "CardImage", "Personalization", "Authority", "CardRules",
        "Cryptography", "MyNumberCard", "CardKernel", "ISO7816",
      ],
      swiftSettings: swift),

    // What runs: slots, the driver's socket, the control connection.
    .target(
      name: "CardService",
      dependencies: [
        "Scenario", "CardHost", "CardImage", "Personalization", "Authority", "CardRules", "Trace", "MyNumberCard",
        "CardKernel",
        "ISO7816",
      ],
      swiftSettings: swift),

    // A card in the test process, for users of Swift: Docs/SwiftKit.md.
    .target(
      name: "VirtualCardTesting",
      dependencies: [
        "CardHost", "CardImage", "Personalization", "Authority", "CardRules", "Scenario", "Trace", "MyNumberCard",
        "CardKernel", "ISO7816",
      ],
      swiftSettings: swift),

    // The reader that pcscd sees: Docs/Protocol.md.
    .target(
      name: "CReaderDriver", exclude: ["exports.map", "linker.cfg"], publicHeadersPath: ".", cSettings: driverC,
      linkerSettings: driverLinker),

    // The card model as a document that is played: its notation, and the check of any card against it.
    .target(name: "CardModel", dependencies: ["ISO7816"], swiftSettings: swift),
    .target(name: "Conformance", dependencies: ["CardModel", "Cryptography", "ISO7816"], swiftSettings: swift),

    // A client of PC/SC: libpcsclite, loaded when it is needed.
    .target(name: "CPCSCClient", cSettings: c + [.unsafeFlags(["-isystem", "/usr/include/PCSC"])]),
    .target(name: "PCSCClient", dependencies: ["CPCSCClient"], swiftSettings: swift),

    // The private pcscd of `vmyna run`: namespaces, mounts and the guardian in C, the rest in Swift.
    .target(name: "CPrivateWorld", dependencies: ["CMachineProbe"], cSettings: c),
    .target(name: "PrivatePCSC", dependencies: ["CPrivateWorld", "CMachineProbe"], swiftSettings: swift),

    // `vmyna doctor`: what is asked of the machine in C, what it means in Swift.
    .target(name: "CMachineProbe", cSettings: c),
    .target(name: "Doctor", dependencies: ["CMachineProbe", "PrivatePCSC"], swiftSettings: swift),

    // The training desk: its server and its class. A program of its own, so that no other command carries a web server.
    .target(
      name: "Desk",
      dependencies: [
        "CounterTraining", "TrainingWorld", "CardService", "CardHost", "CardRules",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "vmyna-desk",
      dependencies: ["Desk", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: swift),

    // The command line.
    .executableTarget(
      name: "vmyna",
      dependencies: [
        "CardService", "CardHost", "CardImage", "Personalization", "Authority", "Cryptography", "CardRules",
        "MyNumberCard", "CardKernel", "ISO7816", "PrivatePCSC", "Doctor", "Scenario", "Trace", "Coverage", "CardModel",
        "Conformance", "PCSCClient", "CounterTraining", "TrainingWorld",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "engine-benchmark", dependencies: ["CardHost", "CardImage", "CardRules", "Personalization"],
      path: "Benchmarks/engine", swiftSettings: swift),

    // Tests, and one synthetic card for those of the pure targets.
    .target(
      name: "CardTestSupport", dependencies: ["Authority", "CardKernel", "Cryptography", "ISO7816", "MyNumberCard"],
      path: "Tests/CardTestSupport", swiftSettings: swift),
    .testTarget(
      name: "AuthorityTests", dependencies: ["Authority", "Cryptography", "CardRules"], swiftSettings: swift),
    .testTarget(
      name: "CardImageTests", dependencies: ["CardImage", "CardKernel", "ISO7816"],
      swiftSettings: swift),
    .testTarget(
      name: "CardHostTests",
      dependencies: ["CardHost", "CardImage", "Cryptography", "MyNumberCard", "CardKernel", "ISO7816"],
      swiftSettings: swift),
    .testTarget(
      name: "CardKernelTests",
      dependencies: ["CardKernel", "CardTestSupport", "Cryptography", "ISO7816", "MyNumberCard"], swiftSettings: swift),
    .testTarget(
      name: "CardModelTests",
      dependencies: ["CardKernel", "CardModel", "CardTestSupport", "Cryptography", "ISO7816", "MyNumberCard"],
      swiftSettings: swift),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["CardModel", "CardTestSupport", "Conformance", "ISO7816", "MyNumberCard"], swiftSettings: swift),
    .testTarget(name: "CardRulesTests", dependencies: ["CardRules"], swiftSettings: swift),
    .testTarget(
      name: "CardServiceTests",
      dependencies: [
        "CardService", "CardHost", "CardImage", "Personalization", "Authority", "CardRules", "MyNumberCard",
        "CardKernel", "ISO7816",
      ],
      swiftSettings: swift),
    .testTarget(name: "CommandTests", dependencies: ["vmyna"], exclude: ["Sessions"], swiftSettings: swift),
    .testTarget(
      name: "CoverageTests", dependencies: ["Coverage", "MyNumberCard", "CardKernel", "ISO7816"], swiftSettings: swift),
    .testTarget(
      name: "CounterTrainingTests", dependencies: ["CounterTraining", "CardRules"], swiftSettings: swift),
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: swift),
    .testTarget(
      name: "DeskTests",
      dependencies: [
        "Desk", "CounterTraining", "CardHost", "CardRules", .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      exclude: ["Fixtures"], swiftSettings: swift),
    .testTarget(name: "DoctorTests", dependencies: ["Doctor"], swiftSettings: swift),
    .testTarget(
      name: "HistoryTests",
      dependencies: [
        "Scenario", "Trace", "CardService", "CardHost", "CardImage", "MyNumberCard", "CardKernel", "ISO7816",
      ],
      swiftSettings: swift),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Authority", "CardHost", "CardImage", "CardKernel", "CardModel", "CardRules", "CardService", "CardTestSupport",
        "Cryptography", "ISO7816", "MyNumberCard", "Personalization", "Scenario", "Trace",
      ],
      path: "Fuzz/Targets", swiftSettings: swift),
    .testTarget(name: "FuzzSeedTests", dependencies: ["FuzzTargets"], swiftSettings: swift),
    .testTarget(name: "ISO7816Tests", dependencies: ["CardTestSupport", "ISO7816"], swiftSettings: swift),
    .testTarget(
      name: "PersonalizationTests",
      dependencies: [
        "Personalization", "CardHost", "CardImage", "CardService", "Authority", "CardRules", "Cryptography",
        "MyNumberCard", "CardKernel", "ISO7816",
      ],
      swiftSettings: swift),
    .testTarget(name: "PrivatePCSCTests", dependencies: ["PrivatePCSC", "CPrivateWorld"], swiftSettings: swift),
    .testTarget(
      name: "ScenarioTests", dependencies: ["Scenario", "MyNumberCard", "CardKernel", "ISO7816"], swiftSettings: swift),
    .testTarget(
      name: "TraceTests", dependencies: ["Trace", "CardTestSupport", "MyNumberCard", "CardKernel", "ISO7816"],
      swiftSettings: swift),
    .testTarget(
      name: "TrainingWorldTests", dependencies: ["TrainingWorld", "CounterTraining", "CardRules"],
      swiftSettings: swift),
    .testTarget(name: "VirtualCardTestingTests", dependencies: ["VirtualCardTesting"], swiftSettings: swift),

    // The examples that are Swift: Examples/swift-lockout/README.md.
    .target(
      name: "LoginClient", path: "Examples/swift-lockout/Sources/LoginClient", swiftSettings: swift),
    .testTarget(
      name: "LoginClientTests", dependencies: ["LoginClient", "VirtualCardTesting"],
      path: "Examples/swift-lockout/Tests/LoginClientTests", swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzzers' program has no main of its own, so it stands outside of every ordinary build: Docs/Fuzzing.md.
if Context.environment["VMYNA_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "vmyna-fuzz", dependencies: ["FuzzTargets"], path: "Fuzz/Runner",
      swiftSettings: swift + [.unsafeFlags(["-parse-as-library"])]))
  package.products.append(.executable(name: "vmyna-fuzz", targets: ["vmyna-fuzz"]))
}
