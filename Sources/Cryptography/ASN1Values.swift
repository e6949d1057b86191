import COpenSSL

/// An ASN.1 INTEGER of OpenSSL, owned.
final class ASN1Integer {
  let pointer: UnsafeMutablePointer<ASN1_INTEGER>

  /// From a magnitude, highest byte first.
  init(_ magnitude: [UInt8]) throws(CryptographyError) {
    let number = try BigNumber(bytes: magnitude)
    guard let pointer = BN_to_ASN1_INTEGER(number.pointer, nil) else { throw .last("BN_to_ASN1_INTEGER") }
    self.pointer = pointer
  }

  deinit { ASN1_INTEGER_free(pointer) }
}

/// A time of OpenSSL, owned: UTCTime until 2049, GeneralizedTime from 2050 on, as RFC 5280 wants it.
final class ASN1Time {
  let pointer: UnsafeMutablePointer<ASN1_TIME>

  /// From seconds since 1970.
  init(_ seconds: Int64) throws(CryptographyError) {
    guard let pointer = ASN1_TIME_set(nil, time_t(seconds)) else { throw .last("ASN1_TIME_set") }
    self.pointer = pointer
  }

  deinit { ASN1_TIME_free(pointer) }
}

/// A GeneralizedTime of OpenSSL, owned.
final class ASN1GeneralizedTime {
  let pointer: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>

  /// From seconds since 1970.
  init(_ seconds: Int64) throws(CryptographyError) {
    guard let pointer = ASN1_GENERALIZEDTIME_set(nil, time_t(seconds)) else {
      throw .last("ASN1_GENERALIZEDTIME_set")
    }
    self.pointer = pointer
  }

  deinit { ASN1_GENERALIZEDTIME_free(pointer) }
}

/// The bytes of one of OpenSSL's strings.
func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
  guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
  return [UInt8](UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
}

/// The magnitude of an INTEGER; a negative one is refused.
func magnitude(of integer: UnsafePointer<ASN1_INTEGER>?) throws(CryptographyError) -> [UInt8] {
  guard let number = ASN1_INTEGER_to_BN(integer, nil) else { throw .last("ASN1_INTEGER_to_BN") }
  defer { BN_free(number) }
  guard BN_is_negative(number) == 0 else { throw .malformed("serial number (it is negative)") }
  var digits = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
  BN_bn2bin(number, &digits)
  return digits
}

/// Seconds since 1970 of one of OpenSSL's times.
func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) throws(CryptographyError) -> Int64 {
  let epoch = try ASN1Time(0)
  var (days, seconds): (Int32, Int32) = (0, 0)
  guard let time, ASN1_TIME_diff(&days, &seconds, epoch.pointer, time) == 1 else {
    ERR_clear_error()
    throw .malformed("time")
  }
  return Int64(days) * 86400 + Int64(seconds)
}

/// Upper-case hex, two digits a byte.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789ABCDEF")
  return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
