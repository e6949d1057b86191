import COpenSSL

extension OpenSSLHandle {
  /// One of the key's numbers, highest byte first, without leading zeros.
  func number(_ name: String) throws(CryptographyError) -> [UInt8] {
    var number: OpaquePointer?
    try require(EVP_PKEY_get_bn_param(pointer, name, &number), "EVP_PKEY_get_bn_param(\(name))")
    defer { BN_clear_free(number) }
    var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
    BN_bn2bin(number, &bytes)
    return bytes
  }

  /// A context for one kind of operation with this key.
  func context(_ operation: String, _ initialize: (OpaquePointer) -> Int32) throws(CryptographyError) -> OpenSSLHandle {
    let context = try OpenSSLHandle(EVP_PKEY_CTX_new(pointer, nil), "EVP_PKEY_CTX_new") { EVP_PKEY_CTX_free($0) }
    try require(initialize(context.pointer), operation)
    return context
  }

  /// Runs an operation of a context that gives at most one modulus of bytes.
  func run(
    _ operation: String, _ body: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<Int>) -> Int32
  ) throws(CryptographyError) -> [UInt8] {
    var length = RSAPrivateKey.modulusLength
    var result: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      result = body(start, &length)
      count = result > 0 ? length : 0
    }
    try require(result, operation)
    return bytes
  }

  /// RSASSA-PSS with SHA-256 for digest and mask.
  func usePSS(saltLength: Int) throws(CryptographyError) {
    guard (0...222).contains(saltLength) else {
      throw .wrongLength(what: "PSS salt", actual: saltLength, allowed: 0...222)
    }
    try require(EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_PSS_PADDING), "set_rsa_padding")
    try require(EVP_PKEY_CTX_set_signature_md(pointer, EVP_sha256()), "set_signature_md")
    try require(EVP_PKEY_CTX_set_rsa_mgf1_md(pointer, EVP_sha256()), "set_rsa_mgf1_md")
    try require(EVP_PKEY_CTX_set_rsa_pss_saltlen(pointer, Int32(saltLength)), "set_rsa_pss_saltlen")
  }

  /// RSAES-OAEP with SHA-256 for digest and mask, empty label.
  func useOAEP() throws(CryptographyError) {
    try require(EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_OAEP_PADDING), "set_rsa_padding")
    try require(EVP_PKEY_CTX_set_rsa_oaep_md(pointer, EVP_sha256()), "set_rsa_oaep_md")
    try require(EVP_PKEY_CTX_set_rsa_mgf1_md(pointer, EVP_sha256()), "set_rsa_mgf1_md")
  }
}
