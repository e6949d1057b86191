import CardRules
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Desk

/// Requests against the router, without a network.
@Suite struct ServerTests {
  let server: DeskServer

  init() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Training/desk")
    server = try DeskServer(
      DeskConfiguration(port: 0, data: nil, page: page.standardized.path, readings: ["窓口": "まどぐち"]),
      lessons: SampleLessons())
  }

  private struct Taken: Decodable { var seat: String, token: String }

  private func with(_ work: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
    try await Application(router: server.router()).test(.router) { client in try await work(client) }
  }

  private static func headers(token: String? = nil, host: String = "127.0.0.1:8080", _ more: HTTPFields = [:])
    -> HTTPFields
  {
    var headers = more
    headers[.contentType] = headers[.contentType] ?? "application/json"
    if let token { headers[.authorization] = "Bearer \(token)" }
    // The test client hands the Host header on as the authority.
    if let name = HTTPField.Name("Host") { headers[name] = host }
    return headers
  }

  private static func text(_ response: TestResponse) -> String { String(buffer: response.body) }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.0.0.1:8080", true), ("localhost:1", true), ("[::1]:8080", true), ("LOCALHOST", true),
    ("evil.example", false), ("127.0.0.1.evil.example", false), ("localhost.evil:80", false),
    ("127.0.0.1:80:80", false),
    ("127.0.0.1:evil", false), ("", false), ("[::1].evil", false), ("10.0.0.1", false),
  ])
  func hosts(_ host: String, isOurs: Bool) {
    #expect(Guard.isLoopback(host) == isOurs)
  }

  @Test(arguments: [
    ("http://127.0.0.1:8080", true), ("http://evil.example", false), ("null", false), ("https://127.0.0.1:8080", false),
    ("http://127.0.0.1:8081", false),
  ])
  func origins(_ origin: String, isOurs: Bool) {
    var head = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1:8080", path: "/api/seats")
    head.headerFields[.origin] = origin
    let request = Request(head: head, body: .init(buffer: ByteBuffer()))
    #expect((try? Guard.admit(request)) != nil || !isOurs)
    if !isOurs { #expect(throws: DeskRefusal.self) { try Guard.admit(request) } }
  }

  @Test(arguments: [
    ("cross-site", "cors", false), ("cross-site", "navigate", true), ("same-origin", "cors", true),
    ("same-site", "cors", false),
  ])
  func otherSites(_ site: String, mode: String, isAdmitted: Bool) {
    var head = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:8080", path: "/")
    head.headerFields[.fetchSite] = site
    head.headerFields[.fetchMode] = mode
    let request = Request(head: head, body: .init(buffer: ByteBuffer()))
    #expect((try? Guard.admit(request) as Void?) != nil == isAdmitted)
  }

  @Test func aWholeExercise() async throws {
    try await with { client in
      let taken = try await client.execute(
        uri: "/api/seats", method: .post, headers: Self.headers(), body: ByteBuffer(string: #"{"alias":"<b>あ</b>"}"#)
      ) { response in
        #expect(response.status == .created)
        return try JSONDecoder().decode(Taken.self, from: Data(response.body.readableBytesView))
      }
      let seat = "/api/seats/\(taken.seat)"
      let headers = Self.headers(token: taken.token)
      try await client.execute(uri: seat, method: .get, headers: Self.headers()) { #expect($0.status == .unauthorized) }
      try await client.execute(uri: seat, method: .get, headers: headers) { response in
        #expect(response.status == .ok)
        #expect(Self.text(response).contains(#""alias":"<b>あ</b>""#))
        #expect(response.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'self'") == true)
        #expect(response.headers[.cacheControl] == "no-store")
      }
      try await client.execute(
        uri: seat + "/lesson", method: .post, headers: headers, body: ByteBuffer(string: #"{"name":"S01"}"#)
      ) { #expect($0.status == .ok) }
      try await client.execute(
        uri: seat + "/actions", method: .post, headers: headers,
        body: ByteBuffer(string: #"{"action":"ask purpose","turn":0}"#)
      ) { #expect($0.status == .ok) }
      // A tab that is behind gets how it stands.
      try await client.execute(
        uri: seat + "/actions?lang=en", method: .post, headers: headers,
        body: ByteBuffer(string: #"{"action":"ask purpose","turn":0}"#)
      ) { response in
        #expect(response.status == .conflict)
        #expect(Self.text(response).contains("another tab was ahead"))
        #expect(Self.text(response).contains(#""turn":1"#))
      }
      try await client.execute(uri: seat + "/papers/slip", method: .get, headers: headers) {
        #expect($0.status == .ok)
        #expect(Self.text($0).contains("暗証番号の控え"))
      }
      try await client.execute(uri: seat + "/papers/card", method: .get, headers: headers) {
        #expect($0.status == .notFound)
      }
    }
  }

  @Test(arguments: [
    "", "{", "[]", "null", #"{"alias":1}"#, #"{"alias":null}"#, #"{"name":"x"}"#, "\u{0}",
    "{\"alias\":\"" + String(repeating: "x", count: 70000) + "\"}",
  ])
  func aHostileBody(_ body: String) async throws {
    try await with { client in
      try await client.execute(
        uri: "/api/seats", method: .post, headers: Self.headers(), body: ByteBuffer(string: body)
      ) {
        #expect([400, 413].contains($0.status.code))
        #expect(Self.text($0).contains("\"fix\""))
      }
    }
  }

  @Test func aFormOfAnotherSiteIsNotTaken() async throws {
    try await with { client in
      let headers = Self.headers([.contentType: "text/plain"])
      try await client.execute(
        uri: "/api/seats", method: .post, headers: headers, body: ByteBuffer(string: #"{"alias":"a"}"#)
      ) {
        #expect($0.status == .badRequest)
      }
    }
  }

  @Test(arguments: [
    "/../Package.swift", "/js/../../phrases.yaml", "/%2e%2e/phrases.yaml", "/js/", "/nothing.js", "/api/nothing",
    "/api/seats/x/y", "/style/base.css/",
  ])
  func onlyThePageIsThere(_ path: String) async throws {
    try await with { client in
      try await client.execute(uri: path, method: .get, headers: Self.headers()) { #expect($0.status == .notFound) }
    }
  }

  @Test(arguments: [
    ("/", "text/html"), ("/trainer", "text/html"), ("/js/main.js", "text/javascript"), ("/style/desk.css", "text/css"),
    ("/api/furigana", "application/json"),
  ])
  func thePage(_ path: String, type: String) async throws {
    try await with { client in
      try await client.execute(uri: path, method: .get, headers: Self.headers()) {
        #expect($0.status == .ok)
        #expect($0.headers[.contentType]?.hasPrefix(type) == true)
        #expect($0.headers[.xContentTypeOptions] == "nosniff")
      }
    }
  }

  @Test(arguments: ["/api/class", "/api/results.csv", "/api/lessons", "/api/class/events", "/api/results/x"])
  func theTrainersDoor(_ path: String) async throws {
    try await with { client in
      for token in [nil, "", "wrong"] {
        try await client.execute(uri: path, method: .get, headers: Self.headers(token: token)) {
          #expect($0.status == .unauthorized)
        }
      }
    }
  }

  @Test func theTrainer() async throws {
    let key = server.room.trainerKey
    try await with { client in
      let headers = Self.headers(token: key)
      try await client.execute(uri: "/api/class", method: .get, headers: headers) { #expect($0.status == .ok) }
      try await client.execute(
        uri: "/api/lessons/check", method: .post, headers: headers, body: ByteBuffer(string: #"{"yaml":"x"}"#)
      ) {
        #expect($0.status == .ok)
        #expect(Self.text($0).contains(#""line":1"#))
      }
      try await client.execute(
        uri: "/api/class/settings", method: .post, headers: headers, body: ByteBuffer(string: #"{"lessons":["S99"]}"#)
      ) { #expect($0.status == .notFound) }
      try await client.execute(
        uri: "/api/class/settings", method: .post, headers: headers, body: ByteBuffer(string: #"{"examination":true}"#)
      ) { #expect($0.status == .ok) }
      try await client.execute(uri: "/api/class", method: .delete, headers: headers) { #expect($0.status == .ok) }
    }
  }
}
