import CardRules
import CounterTraining
import Personalization

/// Reads `phrases.yaml` and `papers.yaml`.
struct CatalogueReader {
  static func phrases(_ text: String, file: String) throws(LessonFaults) -> [Phrase] {
    try list("phrases", text, file) { root in
      var phrases: [Phrase] = []
      for item in root.items("phrases") {
        guard let map = item.map else {
          root.complain(
            "a sentence has keys of its own", at: item.position, fix: "write {id: ask.purpose, ja: …, en: …}")
          continue
        }
        guard let phrase = phrase(map) else { continue }
        if phrases.contains(where: { $0.id == phrase.id }) {
          map.complain("the sentence '\(phrase.id)' stands here twice", at: "id", fix: "remove one of the two")
        }
        phrases.append(phrase)
      }
      return phrases
    }
  }

  /// A sentence of the catalogue or of a lesson.
  static func phrase(_ map: YAMLMap) -> Phrase? {
    defer { map.finish() }
    let id = map.requiredText("id", fix: "name the sentence, such as explain.next-day")
    let text = map.has("text") ? map.bilingual("text") : map.bilingual()
    var kind = map.word("kind", as: Phrase.Kind.self)
    let (rule, mistake) = (map.rule("rule"), map.text("mistake"))
    let trueWhen = map.word("true-when", as: Truth.self)
    let consequence = map.bilingual("consequence", isRequired: false)
    let answer = map.bilingual("answer", isRequired: false)
    guard let id, let text else { return nil }
    let prefix = id.split(separator: ".").first.flatMap { Phrase.Kind(rawValue: String($0)) }
    if kind == nil { kind = prefix }
    guard let kind, kind == prefix, id.split(separator: ".").count == 2 else {
      map.complain(
        "'\(id)' does not say what kind of sentence it is", at: "id",
        fix: "begin it with one of: " + Phrase.Kind.allCases.map { $0.rawValue + "." }.joined(separator: ", "))
      return nil
    }
    var phrase = Phrase(id: id, kind: kind, text: text)
    phrase.rule = rule
    phrase.mistake = mistake
    phrase.trueWhen = trueWhen
    phrase.consequence = consequence
    phrase.answer = answer
    return phrase
  }

  static func papers(_ text: String, file: String) throws(LessonFaults) -> [PaperKind] {
    try list("papers", text, file) { root in
      var papers: [PaperKind] = []
      for item in root.items("papers") {
        guard let map = item.map else {
          root.complain(
            "a paper has keys of its own", at: item.position, fix: "write {id: passport, title: …, proof: photo}")
          continue
        }
        if let paper = paper(map) { papers.append(paper) }
      }
      return papers
    }
  }

  private static func paper(_ map: YAMLMap) -> PaperKind? {
    defer { map.finish() }
    let id = map.requiredText("id", fix: "name the paper, such as driving-licence")
    let title = map.bilingual("title")
    let proof = map.word("proof", as: PaperKind.Proof.self) ?? .none
    let facts = map.texts("facts").compactMap { text, place -> PaperKind.Fact? in
      guard let fact = PaperKind.Fact(rawValue: text) else {
        map.complain(
          "'\(text)' does not stand on papers", at: place,
          fix: "use one of: " + PaperKind.Fact.allCases.map(\.rawValue).joined(separator: ", "))
        return nil
      }
      return fact
    }
    let isPrinted = map.flag("printed") ?? false
    guard let id, let title else { return nil }
    return PaperKind(id: id, title: title, proof: proof, facts: facts, isPrinted: isPrinted)
  }

  /// Reads a document that is a list from its first line on.
  private static func list<Value>(
    _ key: String, _ text: String, _ file: String, _ read: (YAMLMap) -> Value?
  ) throws(LessonFaults) -> Value {
    // A mapping of one line above it; faults count from the list.
    do throws(LessonFaults) { return try document("\(key):\n" + text, file, read) } catch {
      throw LessonFaults(
        faults: error.faults.map { fault in
          var fault = fault
          fault.position = fault.position.map { .init(line: max(1, $0.line - 1), column: $0.column) }
          return fault
        })
    }
  }

  /// Reads a document and throws its faults.
  static func document<Value>(
    _ text: String, _ file: String, _ read: (YAMLMap) -> Value?
  ) throws(LessonFaults) -> Value {
    let faults = YAMLMap.Faults()
    let root: YAMLMap
    do throws(ResidentFault) {
      root = try YAMLMap.parse(text, file: file, faults: faults, example: "Docs/Training/WritingLessons.md")
    } catch  where error.problem == "the file holds no resident" {
      throw LessonFaults(faults: [
        LessonFault(
          "the file holds no lesson", file: file, at: .init(line: 1, column: 1),
          fix: "copy the example of Docs/Training/WritingLessons.md, and begin with 'name:'")
      ])
    } catch {
      throw LessonFaults(faults: [error])
    }
    let value = read(root)
    root.finish()
    guard faults.list.isEmpty, let value else { throw LessonFaults.sorted(faults.list) }
    return value
  }
}

/// Reads a municipality's profile of the training folder: `base:` and settings, as `--profile` does.
enum TrainingProfile {
  static func read(_ text: String, file: String) throws(LessonFaults) -> MunicipalityProfile {
    try CatalogueReader.document(text, file) { root in
      var profile = MunicipalityProfile.national
      if let base = root.text("base") {
        if let builtIn = MunicipalityProfile.builtIn.first(where: { $0.name == base }) {
          profile = builtIn
        } else {
          root.complain(
            "'\(base)' is no profile", at: "base",
            fix: "use one of: " + MunicipalityProfile.builtIn.map(\.name).joined(separator: ", "))
        }
      }
      if let name = root.text("name") { profile.name = name }
      for setting in ProfileSetting.all {
        guard let value = root.text(setting.key) else { continue }
        if !setting.apply(value, &profile) {
          root.complain(
            "'\(value)' is no value of \(setting.key)", at: setting.key, fix: "write one of: \(setting.allowed)")
        }
      }
      return profile
    }
  }
}
