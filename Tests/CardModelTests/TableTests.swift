import CardKernel
import CardModel
import CardTestSupport
import Foundation
import ISO7816
import MyNumberCard
import Testing

/// The tables of `Docs/CardModel.md` against the tables of the code: a row on one side alone is a failure.
@Suite struct TableTests {
  private func table(_ heading: String, _ columns: String...) throws -> ModelDocument.Table {
    let document = try TheModel.shared.get()
    let found = document.tables.first { $0.heading == heading && $0.columns.starts(with: columns) }
    return try #require(found, "Docs/CardModel.md has no table \(columns) under \(heading)")
  }

  @Test func answersToReset() throws {
    let documented = try table("Answers to reset", "name", "answer to reset", "interface").rows.map {
      [$0["name"], $0["answer to reset"], $0["interface"]]
    }
    let coded = Personality.all.map {
      [$0.name, $0.answerToReset.description, $0.interface == .contact ? "contact" : "contactless"]
    }
    #expect(documented == coded)
    #expect(documented.first?.first == Personality.defaultName)
    for row in documented { _ = try AnswerToReset(try #require([UInt8](hex: row[1]))) }
  }

  @Test func applications() throws {
    let rows = try table("Applications", "name", "AID", "title", "generation").rows
    for generation in [CardGeneration.plastic, .licence] {
      let documented = rows.filter { $0["generation"] == "plastic" || generation.name == $0["generation"] }
      #expect(documented.map { $0["name"] } == generation.applications.map(\.name.rawValue))
      #expect(documented.map { $0["AID"] } == generation.applications.map(\.id))
      #expect(documented.map { $0["title"] } == generation.applications.map(\.title.japanese))
    }
  }

  @Test(arguments: CardGeneration.licence.applications.map(\.name.rawValue)) func files(_ name: String) throws {
    let application = try #require(CardGeneration.licence.application(ApplicationName(rawValue: name)))
    let documented = try table(name, "EF", "kind", "name", "read or use", "size").rows.map {
      [$0["EF"], $0["kind"], $0["name"], $0["read or use"], $0["size"]].joined(separator: " / ")
    }
    #expect(documented == application.files.map(describe))
  }

  private func describe(_ file: FileDefinition) -> String {
    var rule = file.readRule
    let kind: String
    var size = "—"
    switch file.kind {
    case .transparent(let bytes):
      kind = "transparent"
      size = bytes.map { String($0) } ?? "data"
    case .records: kind = "records"
    case .pin: kind = "PIN"
    case .unknownPIN(let tries):
      kind = "unknown PIN"
      size = "\(tries) tries"
    case .key(let useRule, _, _):
      kind = "key"
      rule = useRule
    case .terminalAuthority: kind = "terminal authority"
    case .unknownInternal: kind = "unknown"
    }
    let access =
      switch rule {
      case .always: "free"
      case .never: "never"
      case .anyOf(let pins): pins.sorted().map(\.description).joined(separator: " ")
      }
    return [file.id.description, kind, file.name.japanese, access, size].joined(separator: " / ")
  }

  @Test func pins() throws {
    let documented = try table("PINs", "PIN", "file", "form", "tries", "changed by").rows.map {
      [$0["PIN"], $0["file"], $0["form"], $0["tries"], $0["changed by"]].joined(separator: " / ")
    }
    let coded = try PINName.allCases.map { name -> String in
      let file = CardGeneration.plastic.application(name.path.application)?.file(name.path.file)
      guard case .pin(let tries, let format, let changedBy)? = file?.kind else {
        throw ModelStory.Fault(description: "\(name) is no PIN")
      }
      let form =
        switch format {
        case .digits(let count): "\(count) digits"
        case .lettersAndDigits(let range): "\(range.lowerBound)–\(range.upperBound) A–Z 0–9, both"
        case .unknown: "unknown"
        }
      let change =
        switch changedBy {
        case .changeReferenceData: "CHANGE REFERENCE DATA"
        case .changeKey: "CHANGE KEY"
        case .nothing: "nothing"
        }
      return [name.rawValue, name.path.description, form, String(tries), change].joined(separator: " / ")
    }
    #expect(documented == coded)
  }

  /// Every PIN file of the card is in the table of PINs.
  @Test func noPINBesideTheTable() {
    let named = Set(PINName.allCases.map(\.path))
    for application in CardGeneration.plastic.applications {
      for file in application.files {
        guard case .pin = file.kind else { continue }
        #expect(named.contains(FilePath(application.name, file.id)), "\(application.name)/\(file.id)")
      }
    }
  }

  @Test func dataObjects() throws {
    let documented = try table("Data objects", "tag").rows.map { $0["tag"] }
    let filled = try SyntheticCard.contents().dataObjects[.cardManager]?.keys.map { FileID($0).description } ?? []
    #expect(Set(documented) == Set(filled))
  }

  /// What the table of instructions does not name is answered 6D00, and what it names never is.
  @Test func instructions() throws {
    let rows = try table("Instructions", "CLA", "INS").rows
    let documented = Set(rows.map { $0["CLA"] + $0["INS"] })
    #expect(documented.count == rows.count)
    var effects = TestEffects()
    for cla: UInt8 in [0x00, 0x80] {
      for ins: UInt8 in 0x00...0xFF {
        let name = [cla, ins].hexString
        var card = try SyntheticCard.make()
        var answers: Set<String> = []
        for application in [[], [0x00, 0xA4, 0x04, 0x0C, 0x02, 0xD3, 0x92]] as [[UInt8]] {
          if !application.isEmpty { _ = card.process(application, with: &effects) }
          answers.insert(card.process([cla, ins, 0x00, 0x00], with: &effects).hexString)
        }
        if documented.contains(name) {
          #expect(!answers.contains("6D00"), "\(name)")
        } else {
          #expect(answers == ["6D00"], "\(name)")
        }
      }
    }
  }

  /// Every file of the card, selected and read with nothing verified and with each single PIN of its application.
  @Test(
    arguments: CardGeneration.plastic.applications.flatMap { application in
      application.files.map { FilePath(application.name, $0.id) }
    })
  func access(_ path: FilePath) throws {
    let application = try #require(CardGeneration.plastic.application(path.application))
    let file = try #require(application.file(path.file))
    let pins = PINName.allCases.filter { $0.path.application == path.application }
    for pin in [nil] + pins.map(Optional.some) {
      var card = try SyntheticCard.make()
      var effects = TestEffects()
      let aid = try #require([UInt8](hex: application.id))
      #expect(card.process([0x00, 0xA4, 0x04, 0x0C, UInt8(aid.count)] + aid, with: &effects) == [0x90, 0x00])
      if let pin {
        let value = SyntheticCard.value(of: pin)
        let header: [UInt8] = [0x00, 0x20, 0x00, 0x80 | UInt8(pin.path.file.rawValue), UInt8(value.count)]
        #expect(card.process(header + value, with: &effects) == [0x90, 0x00])
        #expect(card.isVerified(pin.path))
      }
      let select = [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, UInt8(path.file.rawValue)]
      #expect(card.process(select, with: &effects) == [0x90, 0x00])
      let answer = card.answer(to: [0x00, 0xB0, 0x00, 0x00, 0x01], with: &effects)
      let expected: StatusWord =
        switch (file.kind, file.readRule) {
        case (.transparent, .always): .success
        case (.transparent, .anyOf(let allowed)):
          pin.map { allowed.contains($0.path.file) } ?? false ? .success : .securityStatusNotSatisfied
        case (.transparent, .never): .securityStatusNotSatisfied
        default: .incompatibleFileStructure
        }
      #expect(answer.status == expected, "\(path) with \(pin.map { $0.rawValue } ?? "nothing")")
      #expect(answer.data.count == (expected == .success ? 1 : 0))
    }
  }
}
