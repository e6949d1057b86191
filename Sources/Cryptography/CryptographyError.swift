import COpenSSL

/// What can go wrong in this module, with enough said to act on it.
public enum CryptographyError: Error, Equatable, CustomStringConvertible {
  /// The bytes are not what they should be; the text names the object that was expected.
  case malformed(String)
  /// A well-formed object that this product does not use (for example an elliptic-curve key).
  case unsupported(String)
  /// A length outside what the operation takes.
  case wrongLength(what: String, actual: Int, allowed: ClosedRange<Int>)
  /// A number that is not below the modulus of the key that should work on it.
  case valueNotBelowModulus
  /// Decryption worked as arithmetic, but what came out has not the padding that it must have.
  case badPadding
  /// OpenSSL refused; the text is its own reason.
  case openSSL(operation: String, reason: String)

  /// One line for a person.
  public var description: String {
    switch self {
    case .malformed(let what): "not a well-formed \(what)"
    case .unsupported(let what): "\(what) is not supported"
    case .wrongLength(let what, let actual, let allowed):
      allowed.lowerBound == allowed.upperBound
        ? "\(what) has \(actual) bytes, \(allowed.lowerBound) are needed"
        : "\(what) has \(actual) bytes, \(allowed.lowerBound) to \(allowed.upperBound) are allowed"
    case .valueNotBelowModulus: "the value is not below the modulus"
    case .badPadding: "the padding is wrong"
    case .openSSL(let operation, let reason): "\(operation) failed in OpenSSL: \(reason)"
    }
  }

  /// The newest reason in OpenSSL's queue of this thread; the queue is emptied so that no later error inherits it.
  static func last(_ operation: String) -> CryptographyError {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    guard code != 0 else { return .openSSL(operation: operation, reason: "no reason given") }
    var text = [CChar](repeating: 0, count: 256)
    ERR_error_string_n(code, &text, text.count)
    return .openSSL(
      operation: operation, reason: String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
  }
}
