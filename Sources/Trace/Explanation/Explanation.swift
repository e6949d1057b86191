import CardKernel
import ISO7816
import MyNumberCard

/// Sentences in Japanese and English about everything that goes over the wire.
public enum Explanation {
  /// What a status word means.
  /// - Parameters:
  ///   - status: the status word.
  ///   - ins: the instruction that it answers, where it is known: some words mean something of their own then.
  ///   - isQuery: whether the command was the retry query, so that `63Cx` is an answer and no failure.
  public static func sentence(for status: StatusWord, ins: UInt8? = nil, isQuery: Bool = false) -> LocalizedText {
    StatusSentences.sentence(for: status, ins: ins, isQuery: isQuery)
  }

  /// What a command asks for.
  /// - Parameters:
  ///   - command: the bytes of the command.
  ///   - application: the application that is current when it comes.
  ///   - currentFile: the file that is current when it comes.
  public static func sentence(
    forCommand command: [UInt8], application: ApplicationName, currentFile: FileID?
  ) -> LocalizedText {
    do {
      return CommandSentences.sentence(
        for: try CommandAPDU(parsing: command), application: application, file: currentFile)
    } catch {
      return LocalizedText(
        japanese: "コマンドAPDUではありません（\(command.count)バイト）",
        english: "no command APDU (\(command.count) \(command.count == 1 ? "byte" : "bytes"))")
    }
  }

  /// The name of an instruction in the field's documents, `VERIFY`; `nil` when the card does not have it.
  public static func instruction(cla: UInt8, ins: UInt8) -> String? { CommandSentences.name(cla: cla, ins: ins) }

  /// What a file is and who may use it; `nil` when no generation of the card has it.
  public static func sentence(for path: FilePath) -> LocalizedText? {
    guard let definition = definition(of: path.file, in: path.application) else { return nil }
    return FileSentences.sentence(for: definition, in: path.application)
  }

  /// A command and its answer in one sentence each language.
  /// - Parameters:
  ///   - command: the bytes of the command.
  ///   - response: the bytes of the answer.
  ///   - application: the application that was current when the command came.
  ///   - currentFile: the file that was current when the command came.
  public static func of(
    command: [UInt8], response: [UInt8], application: ApplicationName, currentFile: FileID?
  ) -> LocalizedText {
    let asked = sentence(forCommand: command, application: application, currentFile: currentFile)
    guard let answer = ResponseAPDU(parsing: response) else {
      return LocalizedText(japanese: "\(asked.japanese) → 応答がありません", english: "\(asked.english): no answer")
    }
    let parsed = try? CommandAPDU(parsing: command)
    let ins = parsed.flatMap { instruction(cla: $0.cla, ins: $0.ins) == nil ? nil : $0.ins }
    let isQuery = ins == 0x20 && parsed?.data.isEmpty == true
    var said = sentence(for: answer.status, ins: ins, isQuery: isQuery)
    if let parsed, isChained(parsed), answer.status.isSuccess {
      said = LocalizedText(japanese: "続きを待っています", english: "waiting for the rest")
    } else if ins == 0x20 && isQuery && answer.status.isSuccess {
      said = LocalizedText(japanese: "照合済みです", english: "verified already")
    }
    let count = answer.data.count
    let data = (
      japanese: count == 0 ? "" : "、\(count)バイト",
      english: count == 0 ? "" : ", \(count) \(count == 1 ? "byte" : "bytes")"
    )
    return LocalizedText(
      japanese: "\(asked.japanese) → \(said.japanese)（\(answer.status)\(data.japanese)）",
      english: "\(asked.english): \(said.english) (\(answer.status)\(data.english))")
  }

  /// An event in one sentence each language.
  public static func of(_ event: TraceEvent) -> LocalizedText {
    switch event.kind {
    case .inserted: LocalizedText(japanese: "カードが挿入されました", english: "a card was inserted")
    case .removed: LocalizedText(japanese: "カードが抜かれました", english: "the card was removed")
    case .card(let card):
      LocalizedText(
        japanese: "カードは \(card.name)（\(card.minted.prefix(10)) に作成）",
        english: "the card is \(card.name), minted \(card.minted.prefix(10))")
    case .changed(let cause, _):
      LocalizedText(japanese: "外からの操作: \(cause)", english: "changed from outside: \(cause)")
    case .powerOn(let atr):
      LocalizedText(japanese: "電源オン、ATR \(atr.hexString)", english: "power on, answer to reset \(atr.hexString)")
    case .warmReset: LocalizedText(japanese: "ウォームリセット", english: "warm reset")
    case .powerOff: LocalizedText(japanese: "電源オフ", english: "power off")
    case .exchange(let exchange):
      // A masked byte is as good as any: no sentence repeats the data of a PIN command or an answer.
      of(
        command: exchange.command.bytes.map { $0 ?? 0 }, response: exchange.response.bytes.map { $0 ?? 0 },
        application: exchange.application, currentFile: exchange.file)
    }
  }

  private static func isChained(_ apdu: CommandAPDU) -> Bool { apdu.cla == 0x10 || apdu.cla == 0x90 }

  /// A file's own name, or its identifier where it has none.
  static func name(of id: FileID?, in application: ApplicationName) -> LocalizedText {
    guard let id else { return LocalizedText(japanese: "（現在のEFなし）", english: "(no current file)") }
    guard let name = definition(of: id, in: application)?.name else {
      return LocalizedText(japanese: "EF \(id)", english: "EF \(id)")
    }
    return LocalizedText(japanese: "\(name.japanese)（\(id)）", english: "\(name.english) (\(id))")
  }

  private static func definition(of id: FileID, in application: ApplicationName) -> FileDefinition? {
    CardGeneration.licence.application(application)?.file(id)
  }
}
