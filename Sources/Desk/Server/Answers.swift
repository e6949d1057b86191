import CardRules
import Foundation
import HTTPTypes
import Hummingbird

/// From values to answers, and from requests to values.
enum Answers {
  /// A value as JSON.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws(DeskRefusal) -> Response {
    guard let text = encoded(value) else { throw .notStored }
    return plain(text, "application/json; charset=utf-8", status)
  }

  /// A text that is saved as a file.
  static func file(_ text: String, type: String, name: String) -> Response {
    var response = plain(text, type, .ok)
    response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return response
  }

  private static func plain(_ text: String, _ type: String, _ status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// What is told when the desk refuses; `present` is how it stands now.
  struct RefusalAnswer: Encodable {
    var error: String
    var fix: String
    var present: SeatAnswer?
  }

  static func refusal(_ refusal: DeskRefusal, _ language: Language, present: SeatAnswer? = nil) -> Response {
    let answer = RefusalAnswer(error: refusal.what[language], fix: refusal.fix[language], present: present)
    return plain(
      encoded(answer) ?? "{}", "application/json; charset=utf-8", HTTPResponse.Status(code: refusal.kind.rawValue))
  }

  /// The language that a page asks for.
  static func language(of request: Request) -> Language {
    request.uri.queryParameters.get("lang").flatMap { Language(rawValue: $0) } ?? .ja
  }

  /// The token that came along.
  static func token(of request: Request) -> String? {
    guard let value = request.headers[.authorization], value.hasPrefix("Bearer ") else { return nil }
    return String(value.dropFirst("Bearer ".count))
  }

  /// The body as a value. Only JSON is taken: another site's form cannot send that unasked.
  static func body<Value: Decodable>(_ type: Value.Type, of request: Request) async throws -> Value {
    guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else { throw notJSON }
    let buffer: ByteBuffer
    do {
      buffer = try await request.body.collect(upTo: Guard.largestBody)
    } catch {
      throw Guard.tooLarge
    }
    guard let value = try? JSONDecoder().decode(type, from: Data(buffer.readableBytesView)) else { throw notJSON }
    return value
  }

  static let notJSON = DeskRefusal(
    .wrong, BilingualText(ja: "要求の形がちがいます", en: "the request has a wrong form"),
    fix: BilingualText(ja: "ページを読み込み直してください", en: "load the page again; Docs/Training.md lists the requests"))
}
