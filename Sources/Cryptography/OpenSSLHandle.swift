import COpenSSL

/// One OpenSSL object with one owner: freed when the last reference goes.
///
/// Bind a handle to a name before its pointer goes into C: a temporary's object may be freed before the call begins.
///
/// `@unchecked Sendable`: the object behind the pointer is either never changed after it was made (keys, certificates)
/// or is only touched under the owner's lock (signing contexts); each owner says which.
final class OpenSSLHandle: @unchecked Sendable {
  let pointer: OpaquePointer
  private let free: @Sendable (OpaquePointer?) -> Void

  /// Takes over `pointer`; `nil` is OpenSSL's way to say that `operation` failed.
  init(
    _ pointer: OpaquePointer?, _ operation: String, free: @escaping @Sendable (OpaquePointer?) -> Void
  ) throws(CryptographyError) {
    guard let pointer else { throw .last(operation) }
    self.pointer = pointer
    self.free = free
  }

  deinit { free(pointer) }
}

/// Throws OpenSSL's reason unless the call said 1 or more.
func require(_ result: Int32, _ operation: String) throws(CryptographyError) {
  guard result > 0 else { throw .last(operation) }
}

/// The DER bytes of an object, through the i2d function that allocates.
func encodedDER(
  _ operation: String, _ i2d: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
) throws(CryptographyError) -> [UInt8] {
  var buffer: UnsafeMutablePointer<UInt8>?
  let length = i2d(&buffer)
  guard length > 0, let buffer else { throw .last(operation) }
  defer { vmyna_openssl_free(buffer) }
  return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length)))
}

/// Decodes one DER object that must fill `bytes` exactly.
func decodedDER(
  _ bytes: [UInt8], what: String, free: @escaping @Sendable (OpaquePointer?) -> Void,
  _ d2i: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
) throws(CryptographyError) -> OpenSSLHandle {
  let (object, used) = bytes.withUnsafeBufferPointer { buffer -> (OpaquePointer?, Int) in
    guard let start = buffer.baseAddress else { return (nil, 0) }
    var cursor: UnsafePointer<UInt8>? = start
    let object = d2i(&cursor, buffer.count)
    return (object, cursor.map { $0 - start } ?? 0)
  }
  guard let object else {
    ERR_clear_error()
    throw .malformed(what)
  }
  let handle = try OpenSSLHandle(object, what, free: free)
  guard used == bytes.count else { throw .malformed("\(what) (bytes follow it)") }
  return handle
}

/// What a memory BIO collected.
func bytesOfMemoryBIO(
  _ operation: String, _ write: (OpaquePointer) -> Int32
) throws(CryptographyError) -> [UInt8] {
  let bio = try OpenSSLHandle(BIO_new(BIO_s_mem()), operation) { _ = BIO_free($0) }
  try require(write(bio.pointer), operation)
  var start: UnsafeMutablePointer<CChar>?
  let length = vmyna_bio_bytes(bio.pointer, &start)
  guard let start, length > 0 else { return [] }
  return start.withMemoryRebound(to: UInt8.self, capacity: length) {
    [UInt8](UnsafeBufferPointer(start: $0, count: length))
  }
}
