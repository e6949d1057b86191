import Cryptography
import Foundation
import Testing

@testable import Authority

extension Sample {
  static func entry(
    _ hierarchy: Hierarchy = .sign, seed: UInt64 = 1, state: CertificateState = .good
  ) throws -> (issued: HolderCertificate, entry: Registry.Entry) {
    let request = try request(hierarchy, seed: seed)
    let issued = try HolderCertificate(request)
    return (
      issued, Registry.Entry(issued, hierarchy: hierarchy, municipality: request.municipality, state: state)
    )
  }
}

@Suite struct RegistryTests {
  static let moved = CertificateState.revoked(.affiliationChanged, at: Instant(year: 2026, month: 11, day: 10))

  @Test func statesComeAndGo() throws {
    let entry = try Sample.entry().entry
    var registry = Registry()
    registry.put(entry)
    let serial = entry.serial
    try registry.revoke(.virtual, .sign, serial: serial, reason: .certificateHold, at: Sample.now)
    #expect(registry.entry(.virtual, .sign, serial: serial)?.state == .hold(at: Sample.now))
    try registry.release(.virtual, .sign, serial: serial)
    #expect(registry.entry(.virtual, .sign, serial: serial)?.state == .good)
    #expect(throws: AuthorityError.self) { try registry.release(.virtual, .sign, serial: serial) }
    try registry.revoke(.virtual, .sign, serial: serial, reason: .keyCompromise, at: Sample.now)
    #expect(throws: AuthorityError.self) {
      try registry.revoke(.virtual, .sign, serial: serial, reason: .keyCompromise, at: Sample.now)
    }
    #expect(throws: AuthorityError.self) {
      try registry.revoke(.virtual, .auth, serial: serial, reason: .keyCompromise, at: Sample.now)
    }
    registry.put(entry)
    #expect(registry.entries == [entry])
    try registry.supersede(.virtual, .sign, serial: serial, by: "7ABCDEF0", at: Sample.now)
    #expect(registry.entries[0].standing(at: Sample.now) == .superseded)
    #expect(registry.entries[0].standing(at: Sample.now.advanced(by: -1)) == .good)
  }

  @Test func standingKnowsTheCalendar() throws {
    let entry = try Sample.entry().entry
    #expect(entry.standing(at: Sample.notBefore.advanced(by: -1)) == .notYetValid)
    #expect(entry.standing(at: Sample.notBefore) == .good)
    #expect(entry.standing(at: Sample.notAfter) == .good)
    #expect(entry.standing(at: Sample.notAfter.advanced(by: 1)) == .expired)
    let revoked = try Sample.entry(state: Self.moved).entry
    #expect(revoked.standing(at: Sample.notAfter.advanced(by: 1)) == .revoked)
  }

  @Test func fileGoesRound() throws {
    var registry = Registry(listDelay: .nextMorning)
    let states: [CertificateState] = [
      .good, Self.moved, .hold(at: Sample.now), .superseded(by: "7ABCDEF0", at: Sample.now),
      .superseded(by: nil, at: Sample.now), .revoked(.unspecified, at: Sample.now),
    ]
    for (seed, state) in states.enumerated() {
      registry.put(try Sample.entry(.auth, seed: UInt64(seed), state: state).entry)
      registry.put(try Sample.entry(.sign, seed: UInt64(seed), state: state).entry)
    }
    #expect(try Registry(json: Array(registry.json.utf8), path: "r") == registry)
    #expect(try JSONSerialization.jsonObject(with: Data(registry.json.utf8)) is [String: Any])
    #expect(try Registry(json: Array(Registry().json.utf8), path: "r") == Registry())
  }

  /// A damaged file is refused with its line, and no cut or flip of a byte ends in a trap.
  @Test func damageIsPointedAt() throws {
    var registry = Registry()
    registry.put(try Sample.entry(state: Self.moved).entry)
    registry.put(try Sample.entry(.auth).entry)
    let text = registry.json
    let table: [(String, String, String)] = [
      ("\"affiliationChanged\"", "\"stolen\"", "line 6"), ("\"good\"", "\"fine\"", "line 5"),
      ("\"format\": \"vmyna registry 1\"", "\"format\": \"vmyna registry 9\"", "line 2"),
      ("\"listDelay\": \"none\"", "\"listDelay\": \"soon\"", "line 3"), ("\"since\"", "\"sinse\"", "line 6"),
      ("\"generation\": 3", "\"generation\": -3", "line 5"), ("2026-11-10", "2026-02-30", "line 6"),
      ("\"kind\": \"sign\"", "\"kind\": 7", "line 6"), ("  ]\n}", "  ]", "the file ends too early"),
      ("\"23106\"", "\"2310\"", "line 5"), ("\"serial\": \"7", "\"serial\": \"x7", "line 5"),
      ("}\n  ]", "},\n  ]", "line 7"), ("2030-09-10", "2020-09-10", "before its notBefore"),
    ]
    for (old, new, expected) in table {
      let range = try #require(text.range(of: old), "\(old)")
      let damaged = text.replacingCharacters(in: range, with: new)
      let error = #expect(throws: AuthorityError.self, "\(new)") {
        try Registry(json: Array(damaged.utf8), path: "/r.json")
      }
      #expect(error?.problem.contains(expected) == true, "\(new): \(error?.problem ?? "")")
      #expect(error?.problem.contains("/r.json") == true)
    }
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      _ = try? Registry(json: Array(bytes.prefix(index)), path: "r")
      var flipped = bytes
      flipped[index] ^= 0x15
      _ = try? Registry(json: flipped, path: "r")
    }
    for rubbish in [
      "", "[", "{", "\"", "{\"a\":1,\"a\":1}", "\"\\ud800\"", String(repeating: "[", count: 100_000), "nul", "01",
    ] {
      #expect(throws: AuthorityError.self, "\(rubbish.prefix(20))") {
        try Registry(json: Array(rubbish.utf8), path: "r")
      }
    }
  }

  @Test func storeKeepsAndLocks() async throws {
    let scratch = try Scratch()
    let store = RegistryStore(folder: scratch.path("a/b"))
    #expect(try store.load() == Registry())
    let entries = try (0..<20).map { try Sample.entry(.auth, seed: $0).entry }
    await withTaskGroup(of: Void.self) { group in
      for entry in entries { group.addTask { _ = try? store.update { $0.put(entry) } } }
    }
    #expect(try store.load().entries.count == 20)
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try store.update {
        $0.listDelay = .nextList
        throw Stop()
      }
    }
    #expect(try store.load().listDelay == .none)
    let mode = try FileManager.default.attributesOfItem(atPath: store.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(!FileManager.default.fileExists(atPath: store.path + ".new"))
    try "{".write(toFile: store.path, atomically: true, encoding: .utf8)
    #expect(throws: AuthorityError.self) { try store.update { $0.listDelay = .nextList } }
    #expect(try String(contentsOfFile: store.path, encoding: .utf8) == "{")
  }

  @Test func lockThatIsHeldIsTold() throws {
    let scratch = try Scratch()
    let store = RegistryStore(folder: scratch.path("locked"))
    try store.update { $0.put(try Sample.entry().entry) }
    let other = open(store.folder + "/registry.lock", O_RDWR)
    defer { close(other) }
    try #require(flock(other, LOCK_EX) == 0)
    let error = #expect(throws: AuthorityError.self) { try store.update { $0.put(try Sample.entry(seed: 2).entry) } }
    #expect(error?.problem.contains("locked by another process") == true)
    #expect(flock(other, LOCK_UN) == 0)
    try store.update { $0.put(try Sample.entry(seed: 2).entry) }
    #expect(try store.load().entries.count == 2)
  }

  @Test func aFolderThatCannotBeIsSaid() throws {
    let scratch = try Scratch()
    let store = RegistryStore(folder: try scratch.write("", "file") + "/folder")
    let error = #expect(throws: AuthorityError.self) { try store.update { $0.listDelay = .nextList } }
    #expect(error?.fix.contains("--registry") == true)
    #expect(try RegistryStore.defaultFolder(environment: ["VMYNA_HOME": "/v", "XDG_STATE_HOME": "/x"]) == "/v")
    #expect(try RegistryStore.defaultFolder(environment: ["XDG_STATE_HOME": "/x"]) == "/x/vmyna")
    #expect(
      try RegistryStore.defaultFolder(environment: ["XDG_STATE_HOME": "x", "HOME": "/h"]) == "/h/.local/state/vmyna")
    #expect(throws: AuthorityError.self) { try RegistryStore.defaultFolder(environment: ["HOME": ""]) }
  }

  @Test(
    arguments: [
      ("7abcdef0", "7ABCDEF0"), ("0x1", "01"), ("7A:BC", "7ABC"), ("0080000001", "80000001"), ("", nil), ("00", nil),
      ("xyz", nil), ("１２", nil), (String(repeating: "F", count: 43), nil),
    ] as [(String, String?)])
  func serialNumbers(text: String, normal: String?) { #expect(SerialNumber.normal(hex: text) == normal) }

  @Test(arguments: Hierarchy.allCases, [1, 2, 3])
  func anEntryIsReadBackFromTheCertificate(hierarchy: Hierarchy, generation: Int) throws {
    var request = try Sample.request(hierarchy)
    request.generation = generation
    request.profile.hasWholeAuthorityKeyIdentifier = generation == 2
    request.municipality = try Municipality(code: "99123", prefecture: "Mihon-ken", name: "Mihon-shi Kita-ku")
    let issued = try HolderCertificate(request)
    let expected = Registry.Entry(issued, hierarchy: hierarchy, municipality: request.municipality)
    #expect(try Registry.Entry(of: issued.certificate) == expected)
    if hierarchy == .sign {
      #expect(try Registry.Entry(of: HolderCertificate.withChangedAddress(issued.certificate)) == expected)
    }
  }

  @Test func certificatesOfOthersAreRefused() throws {
    let request = try Sample.request(.auth)
    let key = try KeyPool.key(seed: 0, label: "real look-alike")
    let real = try RootAuthority.certificate(
      .auth, generation: RootGeneration(3), organization: "JPKI", key: key)
    let error = #expect(throws: AuthorityError.self) { try Registry.Entry(of: real) }
    #expect(error?.problem.contains("real authority") == true)
    #expect(IssuedCertificate.isOfRealAuthority(real))
    let root = try RootAuthority(.auth, issuingAt: request.notBefore)
    #expect(!IssuedCertificate.isOfRealAuthority(root.certificate))
    #expect(throws: AuthorityError.self) { try Registry.Entry(of: root.certificate) }
  }
}

extension RegistryTests {
  @Test func anotherCertificateOfTheSameNumberIsRefused() throws {
    let entry = try Sample.entry(state: Self.moved).entry
    var registry = Registry()
    try registry.register(entry)
    // The same once more, and good again.
    var again = entry
    again.state = .good
    try registry.register(again)
    #expect(registry.entries == [again])
    var other = again
    other.notAfter = Sample.notAfter.advanced(by: -100 * 86_400)
    let fault = #expect(throws: AuthorityError.self) { try registry.register(other) }
    #expect(fault?.problem.contains(entry.serial) == true)
    #expect(fault?.fix.contains("--seed N") == true)
    #expect(registry.entries == [again])
  }

  /// What the record said, what is written since, what the record says now, and what is written then.
  @Test(
    "the registry follows a card's record, but not over a revocation by hand",
    arguments: [
      ("good", "good", "hold", "hold"), ("hold", "hold", "good", "good"), ("good", "revoked", "good", "revoked"),
      ("hold", "revoked", "good", "revoked"), ("good", "revoked", "hold", "revoked"),
      ("revoked", "revoked", "good", "good"),
      ("good", "other", "revoked", "other"), ("hold", "good", "hold", "good"), ("good", "hold", "revoked", "revoked"),
      ("revoked", "good", "good", "good"), ("good", "none", "hold", "hold"), ("hold", "none", "hold", "hold"),
    ])
  func follows(before: String, written: String, now: String, expected: String) throws {
    let states: [String: CertificateState] = [
      "good": .good, "hold": .hold(at: Sample.now), "revoked": Self.moved,
      "other": .revoked(.keyCompromise, at: Sample.now),
    ]
    let entry = try Sample.entry().entry
    func with(_ name: String) throws -> Registry.Entry {
      var entry = entry
      entry.state = try #require(states[name])
      return entry
    }
    var registry = Registry()
    if written != "none" { registry.put(try with(written)) }
    #expect(try registry.follow(with(now), after: with(before)) == nil)
    #expect(try registry.entries == [with(expected)])
  }

  @Test func oneCardOfTwoDaysGivesWaySilently() throws {
    let entry = try Sample.entry().entry
    func moved(_ begin: Int, _ end: Int, _ state: CertificateState = .good) -> Registry.Entry {
      var entry = entry
      entry.notBefore = entry.notBefore.advanced(by: begin * 86_400)
      entry.notAfter = entry.notAfter.advanced(by: end * 86_400)
      entry.state = state
      return entry
    }
    for (older, isTold) in [
      (moved(-1, 0), false), (moved(-30, -30), false), (moved(-30, -29), false), (moved(0, -30), true),
      (moved(-1, 0, Self.moved), false), (moved(-100, 200), true),
    ] {
      var registry = Registry()
      registry.put(older)
      #expect(registry.follow(entry, after: nil) == (isTold ? older : nil), "\(older)")
      #expect(registry.entries == [entry])
    }
  }
}
