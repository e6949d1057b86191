import COpenSSL

/// A number of OpenSSL, wiped when it is freed.
final class BigNumber {
  let pointer: OpaquePointer

  init() throws(CryptographyError) {
    guard let pointer = BN_secure_new() ?? BN_new() else { throw .last("BN_new") }
    self.pointer = pointer
  }

  convenience init(bytes: [UInt8]) throws(CryptographyError) {
    try self.init()
    guard let length = Int32(exactly: bytes.count), BN_bin2bn(bytes, length, pointer) != nil else {
      throw .last("BN_bin2bn")
    }
  }

  convenience init(_ word: UInt) throws(CryptographyError) {
    try self.init()
    try require(BN_set_word(pointer, word), "BN_set_word")
  }

  deinit { BN_clear_free(pointer) }

  var bits: Int { Int(BN_num_bits(pointer)) }

  /// `self - 1`
  func predecessor() throws(CryptographyError) -> BigNumber {
    let result = try BigNumber()
    try require(BN_sub(result.pointer, pointer, BN_value_one()), "BN_sub")
    return result
  }
}

/// The scratch space that OpenSSL's arithmetic asks for.
final class Arithmetic {
  private let context: OpaquePointer

  init() throws(CryptographyError) {
    guard let context = BN_CTX_secure_new() ?? BN_CTX_new() else { throw .last("BN_CTX_new") }
    self.context = context
  }

  deinit { BN_CTX_free(context) }

  func product(_ a: BigNumber, _ b: BigNumber) throws(CryptographyError) -> BigNumber {
    let result = try BigNumber()
    try require(BN_mul(result.pointer, a.pointer, b.pointer, context), "BN_mul")
    return result
  }

  func remainder(_ a: BigNumber, modulo b: BigNumber) throws(CryptographyError) -> BigNumber {
    let result = try BigNumber()
    try require(BN_div(nil, result.pointer, a.pointer, b.pointer, context), "BN_mod")
    return result
  }

  func inverse(_ a: BigNumber, modulo b: BigNumber) throws(CryptographyError) -> BigNumber {
    let result = try BigNumber()
    guard BN_mod_inverse(result.pointer, a.pointer, b.pointer, context) != nil else { throw .last("BN_mod_inverse") }
    return result
  }
}
