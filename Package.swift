// swift-tools-version: 6.2
import PackageDescription

// The modules and their borders: Docs/Architecture.md. A target may import only what stands in its
// `dependencies`; `make build` passes --explicit-target-dependency-import-check error, so the build enforces it.

let swift: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "vmyna",
  products: [
    .executable(name: "vmyna", targets: ["vmyna"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // The card: pure functions of bytes. No Foundation, no clock, no files, no threads.
    .target(name: "ISO7816", swiftSettings: swift),
    .target(name: "CardKernel", dependencies: ["ISO7816"], swiftSettings: swift),
    .target(name: "MyNumberCard", dependencies: ["CardKernel", "ISO7816"], swiftSettings: swift),
    .target(name: "CardRules", swiftSettings: swift),

    // The people's side: keys, certificates, residents.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: swift),
    .target(name: "Authority", dependencies: ["Cryptography", "CardRules"], swiftSettings: swift),

    .testTarget(name: "ISO7816Tests", dependencies: ["ISO7816"], swiftSettings: swift),
    .testTarget(name: "CardRulesTests", dependencies: ["CardRules"], swiftSettings: swift),
    .testTarget(name: "AuthorityTests", dependencies: ["Authority", "Cryptography", "CardRules"], swiftSettings: swift),

    // The private pcscd of `vmyna run`: namespaces, mounts and the guardian in C, the rest in Swift.
    .target(name: "CPrivateWorld", cSettings: c),
    .target(name: "PrivatePCSC", dependencies: ["CPrivateWorld"], swiftSettings: swift),
    .testTarget(name: "PrivatePCSCTests", dependencies: ["PrivatePCSC", "CPrivateWorld"], swiftSettings: swift),

    .executableTarget(
      name: "vmyna",
      dependencies: ["CardRules", "PrivatePCSC", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6]
)
