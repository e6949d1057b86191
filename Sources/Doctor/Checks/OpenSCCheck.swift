import Glibc

/// OpenSC keeps files that it has read from cards. A card that was minted again bears the same serial number, and then
/// programs are shown the certificates of the earlier one.
enum OpenSCCheck {
  static func cache() -> Finding {
    guard let folder = folder() else {
      return .skipped("opensc-cache", Words("ホームフォルダーが分かりません。", "There is no home folder."))
    }
    let files = SmallFile.names(in: folder)
    guard !files.isEmpty else { return .fine("opensc-cache", at: folder) }
    return Finding(
      "opensc-cache", .warning, at: "\(folder) (\(files.count))",
      Words(
        "OpenSC がカードから読んだファイルを保存しています。カードを作り直したあと、古い証明書が見えることがあります。",
        "OpenSC keeps files that it has read from cards. After a card was made anew, old certificates may be shown."),
      fix: Words(
        "pkcs15-tool --clear-cache を実行するか、\(folder) を空にしてください。",
        "pkcs15-tool --clear-cache, or empty \(folder)"))
  }

  /// `$XDG_CACHE_HOME/opensc`, else `~/.cache/opensc`.
  private static func folder() -> String? {
    if let cache = environmentValue("XDG_CACHE_HOME"), !cache.isEmpty { return "\(cache)/opensc" }
    return environmentValue("HOME").map { "\($0)/.cache/opensc" }
  }
}
