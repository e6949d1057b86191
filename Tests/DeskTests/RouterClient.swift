import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded

/// Requests straight into the router. Hummingbird's own test client would do the same, and bring a whole TLS library along.
struct RouterClient: Sendable {
  struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: ByteBuffer
  }

  let responder: any HTTPResponder<BasicRequestContext>

  init(_ router: Router<BasicRequestContext>) { responder = router.buildResponder() }

  @discardableResult
  func execute<Value>(
    uri: String, method: HTTPRequest.Method, headers: HTTPFields, body: ByteBuffer? = nil,
    _ check: (Answer) async throws -> Value
  ) async throws -> Value {
    var headers = headers
    if let body { headers[.contentLength] = String(body.readableBytes) }
    // As a server does, the authority is the Host header.
    let host = HTTPField.Name("Host").flatMap { headers[$0] }
    let request = Request(
      head: HTTPRequest(method: method, scheme: "http", authority: host, path: uri, headerFields: headers),
      body: RequestBody(buffer: body ?? ByteBuffer()))
    let context = BasicRequestContext(
      source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: Logger(label: "test")))
    let response: Response
    do {
      response = try await responder.respond(to: request, context: context)
    } catch let error as any HTTPResponseError {
      response = try error.response(from: request, context: context)
    }
    let collected = Collected()
    try await response.body.write(collected)
    return try await check(
      Answer(status: response.status, headers: response.headers, body: await collected.bytes.value))
  }

  private struct Collected: ResponseBodyWriter {
    actor Bytes {
      var value = ByteBuffer()
      func append(_ buffer: ByteBuffer) { value.writeImmutableBuffer(buffer) }
    }
    let bytes = Bytes()

    func write(_ buffer: ByteBuffer) async throws { await bytes.append(buffer) }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }
}
