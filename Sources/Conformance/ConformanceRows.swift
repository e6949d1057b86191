import CardModel

extension ModelDocument {
  /// The rows that a card is checked with: every story, and what the tables of applications and files say, put as stories.
  public var conformanceRows: [ModelRow] { applicationRows + fileRows + stories }

  /// The names and AIDs of the table of applications, in its order.
  public var applications: [(name: String, id: String)] {
    (table("Applications", "name", "AID")?.rows ?? []).map { ($0["name"], $0["AID"]) }
  }

  private var applicationRows: [ModelRow] {
    (table("Applications", "name", "AID")?.rows ?? []).map { row in
      let isPlain = row["generation"] == "plastic"
      return ModelRow(
        id: "APP-\(row["name"])", story: (isPlain ? "" : "card(\(row["generation"])) ") + "S(\(row["name"])) → 9000",
        from: row)
    }
  }

  private var fileRows: [ModelRow] {
    applications.flatMap { application -> [ModelRow] in
      (table(application.name, "EF", "kind")?.rows ?? []).map { row in
        let isLicence = application.name == "drivingLicence"
        let answer =
          switch (row["kind"], row["read or use"]) {
          case ("transparent", "free"): "<1>9000"
          case ("transparent", _): "6982"
          default: "6981"
          }
        return ModelRow(
          id: "EF-\(application.name)/\(row["EF"])",
          story: (isLicence ? "card(licence) " : "")
            + "S(\(application.name)) E(\(row["EF"])) → 9000 R(0000,01) → \(answer)",
          from: row)
      }
    }
  }

  /// The transparent files and the record files of an application.
  func readableFiles(of application: String) -> [(id: String, isRecords: Bool)] {
    (table(application, "EF", "kind")?.rows ?? []).compactMap { row in
      switch row["kind"] {
      case "transparent": (row["EF"], false)
      case "records": (row["EF"], true)
      default: nil
      }
    }
  }

  /// The file of a PIN by its name, as the application's name and the identifier, and the tries of a full counter.
  func pin(_ name: String) -> (application: String, file: String, tries: Int)? {
    guard let row = table("PINs", "PIN", "file")?.rows.first(where: { $0["PIN"] == name }) else { return nil }
    let parts = row["file"].split(separator: "/")
    guard parts.count == 2, let tries = Int(row["tries"]) else { return nil }
    return (String(parts[0]), String(parts[1]), tries)
  }

  /// Whether a PIN can have this value, by the column "form": anything else is never presented.
  func isForm(of name: String, _ value: [UInt8]) -> Bool {
    guard let row = table("PINs", "PIN", "file")?.rows.first(where: { $0["PIN"] == name }) else { return false }
    let isDigits = value.allSatisfy { (0x30...0x39).contains($0) }
    if row["form"].hasSuffix(" digits"), let count = Int(row["form"].dropLast(" digits".count)) {
      return isDigits && value.count == count
    }
    return (6...16).contains(value.count)
      && value.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
  }

  /// The names of all PINs, in the order of their table.
  public var pinNames: [String] { (table("PINs", "PIN", "file")?.rows ?? []).map { $0["PIN"] } }
}
