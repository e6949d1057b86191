import Foundation
import HTTPTypes
import Hummingbird

/// The page's files, read once: what is not in the list does not exist.
struct PageFiles: Sendable {
  private struct File: Sendable {
    var type: String
    var tag: String
    var bytes: ByteBuffer
  }
  private var files: [String: File] = [:]

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
  ]

  /// Reads a folder.
  init(folder: String) throws(DeskFault) {
    let root = URL(fileURLWithPath: folder)
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for name in names {
      guard let type = Self.types[URL(fileURLWithPath: name).pathExtension],
        let data = try? Data(contentsOf: root.appendingPathComponent(name))
      else { continue }
      // FNV-1a: enough to tell one state of a file from the next.
      let hash = data.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
      files["/" + name] = File(type: type, tag: "\"\(String(hash, radix: 16))\"", bytes: ByteBuffer(bytes: data))
    }
    guard files["/index.html"] != nil, files["/trainer.html"] != nil else {
      throw DeskFault(
        "the page's files are missing", at: folder,
        fix: "install vmyna again, or name the folder Training with --lessons")
    }
  }

  /// The file of a path.
  func response(to request: Request) -> Response? {
    let path =
      ["/": "/index.html", "/trainer": "/trainer.html", "/favicon.ico": "/icon.svg"][request.uri.path]
      ?? request.uri.path
    guard let file = files[path] else { return nil }
    var headers: HTTPFields = [.contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache"]
    if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
    headers[.contentLength] = String(file.bytes.readableBytes)
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
  }
}
