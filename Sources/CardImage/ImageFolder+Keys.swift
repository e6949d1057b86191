import Foundation

extension CardImage {
  /// The keys of a manifest that mean nothing: a typing mistake must not pass for a wish granted.
  /// - Parameter folder: an image that loads.
  public static func unknownKeys(in folder: URL) -> [ImageFault] {
    let file = folder.appendingPathComponent(manifestName)
    guard let data = try? Data(contentsOf: file), let manifest = try? JSONDecoder().decode(Manifest.self, from: data),
      let known = try? JSONSerialization.jsonObject(with: JSONEncoder().encode(manifest)),
      let written = try? JSONSerialization.jsonObject(with: data)
    else { return [] }
    return unknown(in: written, beside: known, at: "").sorted().map { key in
      ImageFault("'\(key)' means nothing in a manifest", at: file.path, fix: "remove it, or correct its spelling")
    }
  }

  /// What is read is written again: a key that is not was not read. `null` stands for nothing.
  private static func unknown(in written: Any, beside known: Any, at place: String) -> [String] {
    switch (written, known) {
    case (let written as [String: Any], let known as [String: Any]):
      return written.flatMap { key, value -> [String] in
        let name = place.isEmpty ? key : "\(place).\(key)"
        if let inner = known[key] { return unknown(in: value, beside: inner, at: name) }
        return value is NSNull ? [] : [name]
      }
    case (let written as [Any], let known as [Any]):
      return zip(written, known).enumerated().flatMap { index, pair in
        unknown(in: pair.0, beside: pair.1, at: "\(place)[\(index)]")
      }
    default: return []
    }
  }
}
