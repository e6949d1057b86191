import CardRules

/// A training paper as it is printed: structured, for whoever lays it out. Every one of them is marked 訓練用.
public struct PrintedPaper: Codable, Sendable, Equatable {
  /// The kind in `papers.yaml`.
  public var kind: String
  /// The heading.
  public var title: String
  /// What stands across it.
  public var mark: String
  /// To whom it goes.
  public var addressee: [String]
  /// Lines of text.
  public var lines: [String]
  /// Fields that are filled in.
  public var fields: [ExerciseView.Fact]
  /// Fields that are left empty for the pen.
  public var blanks: [String]
}

extension Exercise {
  /// A paper that was printed in this exercise, as it looks on paper; `nil` when there is none of that name.
  public func printed(_ id: String, _ language: Language) -> PrintedPaper? {
    guard let thing = state.thing(id), thing.isPrinted, let kind = catalogue.paper(thing.paper.kind),
      let holder = record(RecordName.holder)
    else { return nil }
    let writer = ViewWriter(self, language, hidesTries: true)
    var paper = PrintedPaper(
      kind: kind.id, title: kind.title[language], mark: "訓練用",
      addressee: kind.proof == .letter || kind.id == "notice" ? [holder.address, holder.name + "　様"] : [],
      lines: [], fields: [], blanks: [])
    func field(_ ja: String, _ en: String, _ value: String) {
      paper.fields.append(ExerciseView.Fact(label: writer.say(ja, en), value: value))
    }
    field("氏名", "Name", holder.name)
    field("生年月日", "Date of birth", writer.day(holder.birth))
    field("住所", "Address", holder.address)
    field("日付", "Date", writer.day(now.day))
    for certificate in holder.certificates where kind.proof != .letter {
      field(certificate.kind.name.ja, certificate.kind.name.en, writer.day(certificate.end))
    }
    switch kind.proof {
    case .letter:
      paper.lines = [
        writer.say(
          "下の欄を本人が記入し、封をして、代理の方にお渡しください。", "To be filled in by the holder, sealed, and given to the proxy.")
      ]
      paper.blanks = [
        writer.say("手続きの内容", "What is asked for"), writer.say("代理の方の氏名", "The proxy's name"),
        writer.say("暗証番号", "PINs"), writer.say("本人の署名", "The holder's signature"),
      ]
    default:
      if kind.id == "slip" {
        paper.blanks = [CardSecret.sign, .auth, .residentRecord, .textInput].map { Self.words(for: $0)[language] }
      }
      if kind.id == "application" {
        paper.blanks = [writer.say("理由", "Reason"), writer.say("署名", "Signature")]
      }
    }
    return paper
  }
}
