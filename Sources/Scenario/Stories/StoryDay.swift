import ISO7816

/// A day as certificates and scripts have it, comparable; and the term of a certificate.
struct StoryDay: Comparable, Equatable {
  let year: Int
  let month: Int
  let day: Int

  init?(year: Int, month: Int, day: Int) {
    guard (1900...2199).contains(year), (1...12).contains(month),
      (1...Self.length(ofMonth: month, in: year)).contains(day)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// `2026-11-20`.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// `2026-11-20`.
  var text: String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(year)-\(two(month))-\(two(day))"
  }

  static func < (left: StoryDay, right: StoryDay) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  private static func length(ofMonth month: Int, in year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day after.
  fileprivate var next: StoryDay {
    if day < Self.length(ofMonth: month, in: year) { return StoryDay(year: year, month: month, day: day + 1) ?? self }
    if month < 12 { return StoryDay(year: year, month: month + 1, day: 1) ?? self }
    return StoryDay(year: year + 1, month: 1, day: 1) ?? self
  }
}

/// From when and until when a certificate counts, as days in Japan.
struct StoryTerm {
  let begin: StoryDay
  let end: StoryDay

  /// The term of an X.509 certificate in DER; `nil` for anything else.
  init?(certificate: [UInt8]) {
    var offset = 0
    guard let outer = try? BERTLV(parsing: certificate, at: &offset), outer.tag == Self.sequence,
      let body = Self.children(outer.value)?.first, body.tag == Self.sequence,
      let fields = Self.children(body.value)
    else { return nil }
    // version, serial number, algorithm, issuer, validity
    guard fields.count > 4, let dates = Self.children(fields[4].value), dates.count == 2,
      let begin = Self.day(dates[0]), let end = Self.day(dates[1])
    else { return nil }
    (self.begin, self.end) = (begin, end)
  }

  /// How the term stands to a day.
  func term(on day: StoryDay) -> StoryExpectation.CertificateTerm {
    day < begin ? .early : day > end ? .expired : .valid
  }

  private static let sequence: UInt32 = 0x30
  private static let utcTime: UInt32 = 0x17

  private static func children(_ bytes: [UInt8]) -> [BERTLV]? {
    var offset = 0
    var list: [BERTLV] = []
    while offset < bytes.count {
      guard let child = try? BERTLV(parsing: bytes, at: &offset) else { return nil }
      list.append(child)
    }
    return list
  }

  /// The day in Japan, nine hours ahead of the certificate's UTC.
  private static func day(_ time: BERTLV) -> StoryDay? {
    let text = String(decoding: time.value, as: UTF8.self)
    guard text.utf8.allSatisfy({ $0 < 0x80 }), text.hasSuffix("Z") else { return nil }
    let full = time.tag == utcTime ? (text < "50" ? "20" : "19") + text : text
    let digits = Array(full.utf8)
    func number(_ from: Int, _ count: Int) -> Int? {
      guard digits.count >= from + count else { return nil }
      return Int(String(decoding: digits[from..<from + count], as: UTF8.self))
    }
    guard let year = number(0, 4), let month = number(4, 2), let day = number(6, 2), let hour = number(8, 2),
      let date = StoryDay(year: year, month: month, day: day)
    else { return nil }
    return hour >= 15 ? date.next : date
  }
}
