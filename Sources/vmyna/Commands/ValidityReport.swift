import CardRules

/// A decision as text and as JSON.
struct ValidityReport {
  let decision: IssuanceDecision
  let explain: Language?

  /// The object that programs rely on; the keys' order is fixed.
  var json: OrderedJSON {
    var pairs: [(String, OrderedJSON)] = [
      ("cardEnd", .string(decision.cardEnd.description)),
      ("auth", certificate(decision.auth)),
      ("sign", certificate(decision.sign)),
    ]
    let refused = [CertificateKind.auth, .sign].compactMap { kind in
      decision[kind].refusal.map { (kind.rawValue, refusal($0, of: kind)) }
    }
    if !refused.isEmpty { pairs.append(("refused", .object(refused))) }
    if let explain { pairs.append(("explanation", .array(decision.steps.map { step($0, explain) }))) }
    return .object(pairs)
  }

  private func certificate(_ certificate: CertificateDecision) -> OrderedJSON {
    guard let term = certificate.term else { return .null }
    return .object([
      ("end", .string(term.end.description)),
      ("renewalFrom", .string(term.window.opens.description)),
      ("notAfter", .string(term.notAfter.generalizedTime)),
    ])
  }

  private func refusal(_ rule: Rule, of kind: CertificateKind) -> OrderedJSON {
    let reason = reason(rule, kind)
    return .object([
      ("rule", .string(rule.id)),
      ("source", .string(rule.sources.joined(separator: ", "))),
      ("ja", .string(reason.ja)),
      ("en", .string(reason.en)),
    ])
  }

  private func step(_ step: RuleStep, _ language: Language) -> OrderedJSON {
    .object([
      ("rule", .string(step.rule.id)),
      ("about", .string(step.subject.code)),
      ("day", step.day.map { .string($0.description) } ?? .null),
      ("text", .string(step.text[language])),
      ("certainty", .string(step.rule.certainty.rawValue)),
      ("source", .string(step.rule.sources.joined(separator: ", "))),
    ])
  }

  private func reason(_ rule: Rule, _ kind: CertificateKind) -> BilingualText {
    decision.steps.last { $0.rule == rule && $0.subject == .certificate(kind) }?.text ?? rule.sentence
  }

  /// The text for people: Japanese with `--explain ja`, otherwise English.
  var text: String {
    let language = explain ?? .en
    let words = language == .ja ? Words.ja : Words.en
    var lines = ["\(words.card)\(decision.cardEnd)"]
    for kind in [CertificateKind.auth, .sign] {
      lines.append(label(kind, words) + line(kind, words, language))
    }
    if explain != nil {
      lines += ["", words.why]
      for step in decision.steps {
        let sources = step.rule.sources.joined(separator: ", ")
        let mark = step.rule.certainty.mark[language]
        lines.append(
          "  \(padded(step.subject.code, 5)) \(padded(step.rule.id, 4)) \(step.text[language])  [\(mark): \(sources)]")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func label(_ kind: CertificateKind, _ words: Words) -> String { kind == .auth ? words.auth : words.sign }

  private func line(_ kind: CertificateKind, _ words: Words, _ language: Language) -> String {
    switch decision[kind] {
    case .none: return words.none
    case .refused(let rule): return words.refused + "\(rule.id): " + reason(rule, kind)[language]
    case .kept(let term): return term.end.description + words.from + term.window.opens.description + words.kept
    case .issued(let term): return term.end.description + words.from + term.window.opens.description + words.issued
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private struct Words {
    var card, auth, sign, none, refused, from, kept, issued, why: String

    static let en = Words(
      card: "card  ", auth: "auth  ", sign: "sign  ", none: "none", refused: "may not be issued, rule ",
      from: "  renewable from ", kept: "  (stays)", issued: "", why: "why")
    static let ja = Words(
      card: "カード                  ", auth: "利用者証明用電子証明書  ", sign: "署名用電子証明書        ", none: "なし",
      refused: "発行できない、規則", from: "まで  更新は", kept: "から(今のまま)", issued: "から", why: "理由")
  }
}
