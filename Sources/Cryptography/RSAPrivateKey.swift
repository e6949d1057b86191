import COpenSSL
import Synchronization

/// An RSA-2048 private key with e = 65537, as the card's keys are.
///
/// One instance may be used from several threads. The context for `signPKCS1`, the operation that a card spends its life
/// with, is made once and used under a lock: making it anew costs a few per cent of a signature.
public final class RSAPrivateKey: Sendable {
  /// Bytes of the modulus, and so of every signature.
  public static let modulusLength = 256
  /// Longest block that PKCS#1 v1.5 padding leaves room for: the modulus less 11.
  public static let longestBlock = modulusLength - 11

  /// The public half.
  public let publicKey: RSAPublicKey

  private let key: OpenSSLHandle
  private let pkcs1Signer: Mutex<OpenSSLHandle>

  /// Takes a key that was made or parsed; refuses all but RSA-2048 with e = 65537.
  private init(owning key: OpenSSLHandle) throws(CryptographyError) {
    self.key = key
    publicKey = try RSAPublicKey(owning: key)
    guard publicKey.exponent == [1, 0, 1] else { throw .unsupported("an RSA key with an exponent other than 65537") }
    let context = try key.context("EVP_PKEY_sign_init") { EVP_PKEY_sign_init($0) }
    try require(EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_PKCS1_PADDING), "set_rsa_padding")
    pkcs1Signer = Mutex(context)
  }

  /// From two primes of 1024 bits: d and the values of the Chinese remainder theorem are worked out here. That `p` and
  /// `q` are prime is the caller's word.
  public convenience init(primes p: [UInt8], _ q: [UInt8]) throws(CryptographyError) {
    guard p != q else { throw .malformed("pair of primes (they are equal)") }
    // The larger one first, as OpenSSL orders them.
    let (larger, smaller) = p.lexicographicallyPrecedes(q) ? (q, p) : (p, q)
    let (p, q) = (try BigNumber(bytes: larger), try BigNumber(bytes: smaller))
    let (pLess1, qLess1) = (try p.predecessor(), try q.predecessor())
    let arithmetic = try Arithmetic()
    let n = try arithmetic.product(p, q)
    guard n.bits == 2048 else { throw .unsupported("an RSA key of \(n.bits) bits (2048 are needed)") }
    let e = try BigNumber(65537)
    let d = try arithmetic.inverse(e, modulo: arithmetic.product(pLess1, qLess1))
    let dp = try arithmetic.remainder(d, modulo: pLess1)
    let dq = try arithmetic.remainder(d, modulo: qLess1)
    let inverseQ = try arithmetic.inverse(q, modulo: p)
    let key = vmyna_rsa_key(
      n.pointer, e.pointer, d.pointer, p.pointer, q.pointer, dp.pointer, dq.pointer, inverseQ.pointer)
    try self.init(owning: OpenSSLHandle(key, "RSA key from primes") { EVP_PKEY_free($0) })
  }

  /// From a PEM file, PKCS#8 or PKCS#1, not encrypted.
  public convenience init(pem: String) throws(CryptographyError) {
    let text = [UInt8](pem.utf8)
    guard let length = Int32(exactly: text.count) else { throw .malformed("PEM private key") }
    let bio = try OpenSSLHandle(BIO_new(BIO_s_mem()), "BIO_new") { _ = BIO_free($0) }
    if length > 0 { try require(BIO_write(bio.pointer, text, length), "BIO_write") }
    guard let key = PEM_read_bio_PrivateKey(bio.pointer, nil, vmyna_no_password, nil) else {
      ERR_clear_error()
      throw .malformed("PEM private key without a password")
    }
    try self.init(owning: OpenSSLHandle(key, "PEM private key") { EVP_PKEY_free($0) })
  }

  /// From PKCS#8 PrivateKeyInfo, DER.
  public convenience init(pkcs8DER bytes: [UInt8]) throws(CryptographyError) {
    let info = try decodedDER(bytes, what: "PKCS#8 private key", free: { PKCS8_PRIV_KEY_INFO_free($0) }) {
      d2i_PKCS8_PRIV_KEY_INFO(nil, $0, $1)
    }
    guard let key = EVP_PKCS82PKEY(info.pointer) else {
      ERR_clear_error()
      throw .malformed("PKCS#8 private key")
    }
    try self.init(owning: OpenSSLHandle(key, "PKCS#8 private key") { EVP_PKEY_free($0) })
  }

  /// A new key from the machine's randomness. Only 2048 bits are on offer: the card knows no other length.
  public static func generate(bits: Int = 2048) throws(CryptographyError) -> RSAPrivateKey {
    guard bits == 2048 else { throw .unsupported("an RSA key of \(bits) bits (2048 are needed)") }
    let context = try OpenSSLHandle(EVP_PKEY_CTX_new_from_name(nil, "RSA", nil), "EVP_PKEY_CTX_new_from_name") {
      EVP_PKEY_CTX_free($0)
    }
    try require(EVP_PKEY_keygen_init(context.pointer), "EVP_PKEY_keygen_init")
    try require(EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, 2048), "set_rsa_keygen_bits")
    var key: OpaquePointer?
    try require(EVP_PKEY_generate(context.pointer, &key), "EVP_PKEY_generate")
    return try RSAPrivateKey(owning: OpenSSLHandle(key, "EVP_PKEY_generate") { EVP_PKEY_free($0) })
  }

  /// PKCS#8 in PEM, not encrypted.
  public var pemPKCS8: String {
    get throws(CryptographyError) {
      let bytes = try bytesOfMemoryBIO("PEM_write_bio_PKCS8PrivateKey") {
        PEM_write_bio_PKCS8PrivateKey($0, key.pointer, nil, nil, 0, nil, nil)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// PKCS#8 PrivateKeyInfo in DER, not encrypted.
  public var pkcs8DER: [UInt8] {
    get throws(CryptographyError) {
      var numbers = [DER.unsignedInteger([0])]
      // OSSL_PKEY_PARAM_RSA_…, of which Swift sees only those that are not put together from others.
      for name in [
        "n", "e", "d", "rsa-factor1", "rsa-factor2", "rsa-exponent1", "rsa-exponent2", "rsa-coefficient1",
      ] {
        numbers.append(DER.unsignedInteger(try key.number(name)))
      }
      // Version 0, the algorithm, and RSAPrivateKey of PKCS#1.
      return DER.sequence(
        DER.unsignedInteger([0]), RSAPublicKey.algorithm, DER.octetString(DER.sequence(numbers)))
    }
  }

  /// EMSA-PKCS1-v1_5, block type 1, around 1 to 245 bytes exactly as given, then the private operation. 256 bytes.
  public func signPKCS1(_ block: [UInt8]) throws(CryptographyError) -> [UInt8] {
    guard (1...Self.longestBlock).contains(block.count) else {
      throw .wrongLength(what: "block to sign", actual: block.count, allowed: 1...Self.longestBlock)
    }
    let result = pkcs1Signer.withLock { context in
      Result { () throws(CryptographyError) -> [UInt8] in
        try context.run("EVP_PKEY_sign") { EVP_PKEY_sign(context.pointer, $0, $1, block, block.count) }
      }
    }
    return try result.get()
  }

  /// RSASSA-PKCS1-v1_5 with SHA-256 over the message.
  public func signPKCS1SHA256(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try signPKCS1(SHA256.digestInfo(SHA256.digest(message)))
  }

  /// RSASSA-PSS (SHA-256, MGF1 with SHA-256) over a digest, with a salt from OpenSSL's randomness.
  public func signPSS(sha256Digest digest: [UInt8], saltLength: Int = 32) throws(CryptographyError) -> [UInt8] {
    guard digest.count == SHA256.length else {
      throw .wrongLength(what: "SHA-256 digest", actual: digest.count, allowed: SHA256.length...SHA256.length)
    }
    let context = try key.context("EVP_PKEY_sign_init") { EVP_PKEY_sign_init($0) }
    try context.usePSS(saltLength: saltLength)
    return try context.run("EVP_PKEY_sign") { EVP_PKEY_sign(context.pointer, $0, $1, digest, digest.count) }
  }

  /// RSAES-OAEP with SHA-256 and MGF1 with SHA-256. `valueNotBelowModulus` and `badPadding` are told apart because a
  /// card answers them differently.
  public func decryptOAEP(_ ciphertext: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try requireBelowModulus(ciphertext)
    let context = try key.context("EVP_PKEY_decrypt_init") { EVP_PKEY_decrypt_init($0) }
    try context.useOAEP()
    do {
      return try context.run("EVP_PKEY_decrypt") {
        EVP_PKEY_decrypt(context.pointer, $0, $1, ciphertext, ciphertext.count)
      }
    } catch { throw .badPadding }
  }

  /// The bare private operation on a number of 256 bytes below the modulus.
  public func rawPrivate(_ value: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try requireBelowModulus(value)
    let context = try key.context("EVP_PKEY_sign_init") { EVP_PKEY_sign_init($0) }
    try require(EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_NO_PADDING), "set_rsa_padding")
    return try context.run("EVP_PKEY_sign") { EVP_PKEY_sign(context.pointer, $0, $1, value, value.count) }
  }

  private func requireBelowModulus(_ value: [UInt8]) throws(CryptographyError) {
    guard value.count == Self.modulusLength else {
      throw .wrongLength(what: "value", actual: value.count, allowed: Self.modulusLength...Self.modulusLength)
    }
    guard value.lexicographicallyPrecedes(publicKey.modulus) else { throw .valueNotBelowModulus }
  }

  /// For signing certificates, lists and answers: the key as OpenSSL wants it. Never changed after it was made.
  var handle: OpenSSLHandle { key }
}
