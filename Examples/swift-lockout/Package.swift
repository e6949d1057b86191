// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-lockout",
  products: [.library(name: "LoginClient", targets: ["LoginClient"])],
  dependencies: [
    // In a project of your own: .package(url: "https://…/vmyna", from: "…")
    .package(name: "vmyna", path: "../..")
  ],
  targets: [
    .target(name: "LoginClient"),
    .testTarget(
      name: "LoginClientTests",
      dependencies: ["LoginClient", .product(name: "VirtualCardTesting", package: "vmyna")]),
  ]
)
