import COpenSSL

/// AES-128 in CBC mode without padding: the data are whole blocks of 16 bytes.
public enum AES128CBC {
  /// Bytes of a key, of a block and of an initial vector.
  public static let blockLength = 16

  /// Encrypts whole blocks.
  public static func encrypt(_ plaintext: [UInt8], key: [UInt8], iv: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try run(plaintext, key: key, iv: iv, encrypting: 1)
  }

  /// Decrypts whole blocks.
  public static func decrypt(_ ciphertext: [UInt8], key: [UInt8], iv: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try run(ciphertext, key: key, iv: iv, encrypting: 0)
  }

  private static func run(
    _ input: [UInt8], key: [UInt8], iv: [UInt8], encrypting: Int32
  ) throws(CryptographyError) -> [UInt8] {
    guard key.count == blockLength else { throw .wrongLength(what: "AES-128 key", actual: key.count, allowed: 16...16) }
    guard iv.count == blockLength else { throw .wrongLength(what: "AES vector", actual: iv.count, allowed: 16...16) }
    guard input.count % blockLength == 0, let length = Int32(exactly: input.count) else {
      throw .malformed("run of whole AES blocks (\(input.count) bytes)")
    }
    guard length > 0 else { return [] }
    let context = try OpenSSLHandle(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new") { EVP_CIPHER_CTX_free($0) }
    try require(
      EVP_CipherInit_ex2(context.pointer, EVP_aes_128_cbc(), key, iv, encrypting, nil), "EVP_CipherInit_ex2")
    try require(EVP_CIPHER_CTX_set_padding(context.pointer, 0), "EVP_CIPHER_CTX_set_padding")
    var output = [UInt8](repeating: 0, count: input.count + blockLength)
    var written: Int32 = 0
    try require(EVP_CipherUpdate(context.pointer, &output, &written, input, length), "EVP_CipherUpdate")
    guard written == length else { throw .last("EVP_CipherUpdate") }
    return Array(output.prefix(input.count))
  }
}
