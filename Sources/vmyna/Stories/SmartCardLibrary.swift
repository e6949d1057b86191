import Foundation

/// libpcsclite, loaded when it is needed: vmyna itself runs on machines that have none.
///
/// The types are those of `winscard.h` of pcsc-lite: LONG, DWORD, SCARDCONTEXT and SCARDHANDLE are C longs.
struct SmartCardLibrary: @unchecked Sendable {
  typealias Establish = @convention(c) (UInt, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeMutablePointer<Int>) -> Int
  typealias Release = @convention(c) (Int) -> Int
  typealias Connect =
    @convention(c) (
      Int, UnsafePointer<CChar>, UInt, UInt, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UInt>
    ) -> Int
  typealias Reconnect = @convention(c) (Int, UInt, UInt, UInt, UnsafeMutablePointer<UInt>) -> Int
  typealias Disconnect = @convention(c) (Int, UInt) -> Int
  typealias Transmit =
    @convention(c) (
      Int, UnsafeRawPointer, UnsafePointer<UInt8>, UInt, UnsafeRawPointer?, UnsafeMutablePointer<UInt8>,
      UnsafeMutablePointer<UInt>
    ) -> Int
  typealias GetStatusChange = @convention(c) (Int, UInt, UnsafeMutableRawPointer, UInt) -> Int
  typealias Status =
    @convention(c) (
      Int, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<UInt>?, UnsafeMutablePointer<UInt>?,
      UnsafeMutablePointer<UInt>?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt>?
    ) -> Int

  let establish: Establish
  let release: Release
  let connect: Connect
  let reconnect: Reconnect
  let disconnect: Disconnect
  let transmit: Transmit
  let getStatusChange: GetStatusChange
  let status: Status

  private static let file = "libpcsclite.so.1"

  /// Loads the library.
  /// - Throws: what to install, where there is none.
  static func load() throws(UserError) -> SmartCardLibrary {
    let missing = UserError(
      "\(file) is not on this machine", at: "--reader", fix: "install it: apt-get install libpcsclite1", exitCode: 3)
    guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else { throw missing }
    func function<Function>(_ name: String, _ type: Function.Type) throws(UserError) -> Function {
      guard let symbol = dlsym(handle, name) else { throw missing }
      return unsafeBitCast(symbol, to: type)
    }
    return SmartCardLibrary(
      establish: try function("SCardEstablishContext", Establish.self),
      release: try function("SCardReleaseContext", Release.self),
      connect: try function("SCardConnect", Connect.self),
      reconnect: try function("SCardReconnect", Reconnect.self),
      disconnect: try function("SCardDisconnect", Disconnect.self),
      transmit: try function("SCardTransmit", Transmit.self),
      getStatusChange: try function("SCardGetStatusChange", GetStatusChange.self),
      status: try function("SCardStatus", Status.self))
  }
}
