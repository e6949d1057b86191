import CardRules
import HTTPTypes
import Hummingbird

/// Lets only this machine's own pages in, and tells browsers what these may do. The desk listens on loopback; this keeps
/// other sites' pages in a browser of this machine out as well.
struct Guard: RouterMiddleware {
  typealias Context = BasicRequestContext

  /// How large a request may be.
  static let largestBody = 64 * 1024

  /// Everything from here and nothing else: no script, style or picture of another place, and none inside the page.
  private static let policy =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      try Self.admit(request)
      response = try await next(request, context)
    } catch let refusal as DeskRefusal {
      response = Answers.refusal(refusal, Answers.language(of: request))
    } catch let error as HTTPError where error.status == .notFound {
      response = Answers.refusal(Self.noSuchPage, Answers.language(of: request))
    } catch let error as HTTPError where error.status == .methodNotAllowed {
      response = Answers.refusal(Self.noSuchPage, Answers.language(of: request))
    }
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "no-referrer"
    response.headers[.openerPolicy] = "same-origin"
    response.headers[.resourcePolicy] = "same-origin"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }

  /// Whether a request may come in at all.
  static func admit(_ request: Request) throws(DeskRefusal) {
    // A page of another site that has its name point to 127.0.0.1 still names itself here.
    guard let host = request.head.authority, isLoopback(host) else { throw foreignHost }
    if let origin = request.headers[.origin], origin != "http://\(host)" { throw foreignOrigin }
    if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
      // Following a link to the page is no harm; asking for data is.
      guard request.method == .get, request.headers[.fetchMode] == "navigate" else { throw foreignOrigin }
    }
    if let length = request.headers[.contentLength], Int(length) ?? .max > largestBody { throw tooLarge }
  }

  /// Whether a Host header names this machine, with any port: tunnels have others.
  static func isLoopback(_ host: String) -> Bool {
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    let port = host.dropFirst(name.count)
    guard
      port.isEmpty || (port.first == ":" && (1...5).contains(port.count - 1) && port.dropFirst().allSatisfy(\.isNumber))
    else { return false }
    return ["127.0.0.1", "localhost", "[::1]"].contains(name.lowercased())
  }

  static let foreignHost = DeskRefusal(
    .forbidden,
    BilingualText(ja: "このページはこの機械からだけ使えます", en: "the desk is for this machine alone"),
    fix: BilingualText(
      ja: "http://127.0.0.1 で始まる、表示されたアドレスを開いてください", en: "open the address that 'vmyna desk' has printed"))
  static let foreignOrigin = DeskRefusal(
    .forbidden,
    BilingualText(ja: "ほかのページからの要求は受け付けません", en: "a request from another site is not taken"),
    fix: BilingualText(ja: "窓口道場のページから操作してください", en: "use the desk's own page"))
  static let tooLarge = DeskRefusal(
    .tooLarge, BilingualText(ja: "64 KBを超える内容は受け付けません", en: "more than 64 KB is not taken"),
    fix: BilingualText(ja: "短くしてください", en: "make it shorter"))
  static let noSuchPage = DeskRefusal(
    .unknown, BilingualText(ja: "そのページはありません", en: "there is no such page"),
    fix: BilingualText(ja: "最初のページを開いてください", en: "open the first page"))
}

extension HTTPField.Name {
  /// Names that are well formed, all of them.
  private static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .server }
  static let fetchSite = named("Sec-Fetch-Site")
  static let fetchMode = named("Sec-Fetch-Mode")
  static let referrerPolicy = named("Referrer-Policy")
  static let openerPolicy = named("Cross-Origin-Opener-Policy")
  static let resourcePolicy = named("Cross-Origin-Resource-Policy")
}
