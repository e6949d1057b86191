import Foundation

/// The Japanese font that names and addresses are written with.
enum FaceFont {
  /// The variable that names another font file.
  static let variable = "VMYNA_FONT"

  /// Where Debian's packages put fonts with TrueType outlines, in order of preference.
  static let places = [
    "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
    "/usr/share/fonts/truetype/vlgothic/VL-Gothic-Regular.ttf",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
  ]

  /// The font, mapped; not kept, because a service mints seldom and lives long.
  static func load(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(FaceFault) -> TrueTypeFont {
    let chosen = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    let candidates = chosen.map { [$0] } ?? places
    guard let path = candidates.first(where: { FileManager.default.isReadableFile(atPath: $0) }) else {
      throw FaceFault(
        chosen == nil ? "no Japanese font is installed to draw the card face with" : "the font cannot be read",
        at: chosen ?? places[0],
        fix: "apt-get install fonts-ipaexfont-gothic, or set \(variable) to a .ttf file with Japanese glyphs")
    }
    do {
      return try TrueTypeFont(Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped))
    } catch {
      let reason = (error as? TrueTypeFont.Malformed).map { " (\($0.what))" } ?? ""
      throw FaceFault(
        "this is no font with TrueType outlines\(reason)", at: path,
        fix: "apt-get install fonts-ipaexfont-gothic, or set \(variable) to a .ttf file with Japanese glyphs")
    }
  }
}
