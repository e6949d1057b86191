import COpenSSL

/// An RSA-2048 public key.
public struct RSAPublicKey: Sendable, Equatable {
  /// n, 256 bytes, highest first.
  public let modulus: [UInt8]
  /// e, highest byte first, no leading zero (`01 00 01`).
  public let exponent: [UInt8]
  /// The SubjectPublicKeyInfo of X.509, DER.
  public let subjectPublicKeyInfoDER: [UInt8]

  let key: OpenSSLHandle

  /// From a SubjectPublicKeyInfo (`BEGIN PUBLIC KEY` without its armour).
  public init(subjectPublicKeyInfoDER bytes: [UInt8]) throws(CryptographyError) {
    let key = try decodedDER(bytes, what: "SubjectPublicKeyInfo", free: { EVP_PKEY_free($0) }) {
      d2i_PUBKEY(nil, $0, $1)
    }
    try self.init(owning: key)
  }

  /// From the two numbers, as card-verifiable certificates carry them.
  public init(modulus: [UInt8], exponent: [UInt8] = [1, 0, 1]) throws(CryptographyError) {
    guard modulus.count == RSAPrivateKey.modulusLength else {
      throw .wrongLength(what: "RSA modulus", actual: modulus.count, allowed: 256...256)
    }
    guard !exponent.isEmpty, exponent.count <= 8 else {
      throw .wrongLength(what: "RSA exponent", actual: exponent.count, allowed: 1...8)
    }
    let (n, e) = (try BigNumber(bytes: modulus), try BigNumber(bytes: exponent))
    let key = vmyna_rsa_key(n.pointer, e.pointer, nil, nil, nil, nil, nil, nil)
    try self.init(owning: OpenSSLHandle(key, "RSA public key") { EVP_PKEY_free($0) })
  }

  /// Takes a key that was made or parsed, and refuses all but RSA-2048.
  init(owning key: OpenSSLHandle) throws(CryptographyError) {
    guard EVP_PKEY_get_base_id(key.pointer) == EVP_PKEY_RSA else { throw .unsupported("a key that is not RSA") }
    let bits = EVP_PKEY_get_bits(key.pointer)
    guard bits == 2048 else { throw .unsupported("an RSA key of \(bits) bits (2048 are needed)") }
    self.key = key
    modulus = try key.number(OSSL_PKEY_PARAM_RSA_N)
    exponent = try key.number(OSSL_PKEY_PARAM_RSA_E)
    // By hand: OpenSSL's way through its encoders takes longer than a signature's check.
    let pkcs1 = DER.sequence(DER.unsignedInteger(modulus), DER.unsignedInteger(exponent))
    subjectPublicKeyInfoDER = DER.sequence(Self.algorithm, DER.bitString(pkcs1))
  }

  /// AlgorithmIdentifier of a plain RSA key (RFC 8017, A.1).
  static let algorithm = DER.sequence(ObjectIdentifier(1, 2, 840, 113_549, 1, 1, 1).der, DER.null)

  /// Two keys are one when their bytes are.
  public static func == (a: RSAPublicKey, b: RSAPublicKey) -> Bool {
    a.subjectPublicKeyInfoDER == b.subjectPublicKeyInfoDER
  }

  /// SHA-1 over the PKCS#1 key (the content of the BIT STRING): the usual key identifier of RFC 5280, 4.2.1.2 (1).
  public var sha1KeyIdentifier: [UInt8] {
    SHA1.digest(pkcs1DER)
  }

  /// RSAPublicKey of PKCS#1, DER.
  public var pkcs1DER: [UInt8] { DER.sequence(DER.unsignedInteger(modulus), DER.unsignedInteger(exponent)) }

  /// Whether `signature` is PKCS#1 v1.5 type 1 around exactly `block` (for example a DigestInfo).
  public func verifyPKCS1(_ signature: [UInt8], block: [UInt8]) throws(CryptographyError) -> Bool {
    let context = try key.context("EVP_PKEY_verify_init") { EVP_PKEY_verify_init($0) }
    try require(EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_PKCS1_PADDING), "set_rsa_padding")
    let answer = EVP_PKEY_verify(context.pointer, signature, signature.count, block, block.count)
    ERR_clear_error()
    return answer == 1
  }

  /// Whether `signature` is PKCS#1 v1.5 with SHA-256 over `message`.
  public func verifyPKCS1SHA256(_ signature: [UInt8], message: [UInt8]) throws(CryptographyError) -> Bool {
    try verifyPKCS1(signature, block: SHA256.digestInfo(SHA256.digest(message)))
  }

  /// Whether `signature` is RSASSA-PSS (SHA-256, MGF1 with SHA-256) over the digest.
  public func verifyPSS(_ signature: [UInt8], sha256Digest: [UInt8], saltLength: Int = 32) throws(CryptographyError)
    -> Bool
  {
    let context = try key.context("EVP_PKEY_verify_init") { EVP_PKEY_verify_init($0) }
    try context.usePSS(saltLength: saltLength)
    let answer = EVP_PKEY_verify(context.pointer, signature, signature.count, sha256Digest, sha256Digest.count)
    ERR_clear_error()
    return answer == 1
  }

  /// RSAES-OAEP with SHA-256 and MGF1 with SHA-256.
  public func encryptOAEP(_ plaintext: [UInt8]) throws(CryptographyError) -> [UInt8] {
    let context = try key.context("EVP_PKEY_encrypt_init") { EVP_PKEY_encrypt_init($0) }
    try context.useOAEP()
    return try context.run("EVP_PKEY_encrypt") {
      EVP_PKEY_encrypt(context.pointer, $0, $1, plaintext, plaintext.count)
    }
  }

  /// The signature as a number, raised to e: what the padding looked like. 256 bytes.
  public func recover(_ signature: [UInt8]) throws(CryptographyError) -> [UInt8] {
    guard signature.count == modulus.count else {
      throw .wrongLength(what: "signature", actual: signature.count, allowed: 256...256)
    }
    guard signature.lexicographicallyPrecedes(modulus) else { throw .valueNotBelowModulus }
    let context = try key.context("EVP_PKEY_verify_recover_init") { EVP_PKEY_verify_recover_init($0) }
    try require(EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_NO_PADDING), "set_rsa_padding")
    return try context.run("EVP_PKEY_verify_recover") {
      EVP_PKEY_verify_recover(context.pointer, $0, $1, signature, signature.count)
    }
  }
}
