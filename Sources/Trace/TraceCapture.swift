import ISO7816

/// A capture file that Wireshark and tshark open as it is: pcap with GSMTAP packets of type SIM, one an exchange, which their
/// GSM SIM dissector reads. The choice and its limits: `Docs/Trace.md`.
public enum TraceCapture {
  /// What stands for a masked byte: `*`, so that a masked PIN looks like one in the bytes pane.
  public static let maskByte = UInt8(ascii: "*")

  private static let magic: UInt32 = 0xA1B2_C3D4
  private static let longestPacket = 65_535
  /// LINKTYPE_IPV4: packets begin with their IP header.
  private static let linkType: UInt32 = 228
  /// 4729, the port that IANA gave to GSMTAP.
  private static let port: UInt16 = 4729
  private static let headers = 20 + 8 + 16

  /// The head of the file.
  public static let header: [UInt8] =
    little(magic) + [2, 0, 4, 0] + little(0) + little(0) + little(UInt32(longestPacket)) + little(linkType)

  /// The packet of an exchange; nothing for other events.
  /// - Parameter event: masked before, where it is to be.
  public static func packet(_ event: TraceEvent) -> [UInt8] {
    guard case .exchange(let exchange) = event.kind else { return [] }
    let whole = (exchange.command.bytes + exchange.response.bytes).map { $0 ?? maskByte }
    // An IP packet has no room for the longest exchanges: the file says how long they were.
    let data = whole.prefix(longestPacket - headers)
    let length = headers + data.count
    let packet = internetHeader(length: length) + datagramHeader(length: length - 20) + tapHeader(event.slot) + data
    let (seconds, milliseconds) = (event.time / 1000, event.time % 1000)
    return little(UInt32(truncatingIfNeeded: seconds)) + little(UInt32(truncatingIfNeeded: milliseconds * 1000))
      + little(UInt32(packet.count)) + little(UInt32(headers + whole.count)) + packet
  }

  private static func internetHeader(length: Int) -> [UInt8] {
    var header: [UInt8] =
      [0x45, 0] + big(UInt16(truncatingIfNeeded: length)) + [0, 0, 0x40, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1]
    var sum = stride(from: 0, to: header.count, by: 2).reduce(UInt32(0)) {
      $0 + UInt32(header[$1]) << 8 + UInt32(header[$1 + 1])
    }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    header.replaceSubrange(10..<12, with: big(~UInt16(truncatingIfNeeded: sum)))
    return header
  }

  private static func datagramHeader(length: Int) -> [UInt8] {
    // Checksum 0: none, as UDP over IPv4 allows.
    big(port) + big(port) + big(UInt16(truncatingIfNeeded: length)) + [0, 0]
  }

  /// GSMTAP version 2, four words, type 4 (SIM), subtype 0 (APDU); the slot as "timeslot".
  private static func tapHeader(_ slot: Int) -> [UInt8] {
    [2, 4, 4, UInt8(truncatingIfNeeded: slot)] + [UInt8](repeating: 0, count: 12)
  }

  private static func little(_ value: UInt32) -> [UInt8] { [0, 8, 16, 24].map { UInt8(value >> $0 & 0xFF) } }
  private static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
}
