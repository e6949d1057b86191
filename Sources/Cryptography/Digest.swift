import COpenSSL

/// SHA-256.
public enum SHA256 {
  /// Bytes of a digest.
  public static let length = 32

  /// The digest of a message.
  public static func digest(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    // The one-shot function of libcrypto for memory: it has no way to fail.
    _ = COpenSSL.SHA256(message, message.count, &digest)
    return digest
  }

  /// The digest inside a DigestInfo of PKCS#1, the block that a PKCS#1 v1.5 signature with SHA-256 pads.
  public static func digestInfo(_ digest: [UInt8]) -> [UInt8] {
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20]
      + digest
  }
}

/// SHA-1, for key identifiers and OCSP's CertID only: nothing here is signed over it.
public enum SHA1 {
  /// Bytes of a digest.
  public static let length = 20

  /// The digest of a message.
  public static func digest(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    _ = COpenSSL.SHA1(message, message.count, &digest)
    return digest
  }
}
