import ArgumentParser
import CardRules

/// `vmyna rules validity`: until when card and certificates are good.
struct RulesValidityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validity",
    abstract: "Until when card and certificates are good.",
    discussion: """
      --issued is the day on which the certificates named are issued: both, but for --without and for a live one that \
      --auth-end or --sign-end gives without --renewing naming it, which stays. Without --card-end the card is issued \
      that day too. An end before --issued is no live certificate: it is issued anew.
      Exit code 1 when nothing that was asked for may be issued.
      """)

  enum ResidentArgument: String, CaseIterable, ExpressibleByArgument {
    case japanese, permanent, stay
  }

  @Option(help: ArgumentHelp("The holder's day of birth.", valueName: "day"))
  var born: String
  @Option(help: ArgumentHelp("The day of issue.", valueName: "day"))
  var issued: String
  @Option(help: ArgumentHelp("The day the application was received (default: the day of issue).", valueName: "day"))
  var applied: String?
  @Option(help: "Whose rules the card follows (default: japanese, or stay with --stay-until).")
  var resident: ResidentArgument?
  @Option(help: ArgumentHelp("The end of a foreign resident's stay.", valueName: "day"))
  var stayUntil: String?
  @Option(help: ArgumentHelp("The end of the card that is there already.", valueName: "day"))
  var cardEnd: String?
  @Option(help: ArgumentHelp("The end of the card that the new card renews (rule R10).", valueName: "day"))
  var oldCardEnd: String?
  @Option(help: ArgumentHelp("The live certificates that are replaced: auth, sign or auth,sign.", valueName: "list"))
  var renewing: [String] = []
  @Option(help: ArgumentHelp("The present end of auth.", valueName: "day"))
  var authEnd: String?
  @Option(help: ArgumentHelp("The present end of sign.", valueName: "day"))
  var signEnd: String?
  @Option(help: ArgumentHelp("A certificate that the holder does not have and does not get.", valueName: "list"))
  var without: [String] = []
  @Flag(help: "The holder is an adult ward (成年被後見人).")
  var adultWard = false
  @Flag(help: "Holder and legal representative come together.")
  var withLegalRepresentative = false
  @Option(help: ArgumentHelp("national, nagoya, or a profile file.", valueName: "profile"))
  var profile = "national"
  @Option(
    defaultAsFlag: .en, help: ArgumentHelp("Tell the rules that were applied, in ja or en.", valueName: "language"))
  var explain: Language?
  @Flag(help: "One JSON object on one line.")
  var json = false

  func run() throws {
    let profile = try ProfileArgument.load(self.profile)
    let request = try makeRequest()
    let decision = Issuance.decide(request, profile: profile)
    let report = ValidityReport(decision: decision, explain: explain)
    print(json ? report.json.text : report.text)
    if !decision.isYes { throw ExitCode(1) }
  }

  private func makeRequest() throws -> IssuanceRequest {
    let born = try RulesOption.day("--born", born)
    let issued = try RulesOption.day("--issued", issued)
    guard born <= issued else {
      throw UserError(
        "the issue on \(issued) is before the birth on \(born)", at: "--issued", fix: "swap --born and --issued")
    }
    let applied = try RulesOption.day("--applied", applied)
    if let applied, applied > issued || applied < born {
      throw UserError(
        "the application on \(applied) is not between birth and issue", at: "--applied",
        fix: "give a day from \(born) to \(issued), or leave --applied out")
    }
    var request = IssuanceRequest(born: born, issued: issued, applied: applied, card: try cardPlan())
    request.residence = try residence(issued: issued)
    let renewing = try RulesOption.certificates("--renewing", renewing)
    let without = try RulesOption.certificates("--without", without)
    request.auth = try plan(.auth, end: authEnd, renewing: renewing, without: without, issued: issued)
    request.sign = try plan(.sign, end: signEnd, renewing: renewing, without: without, issued: issued)
    request.isAdultWard = adultWard
    request.withLegalRepresentative = withLegalRepresentative
    try refuseNothingIssued(request)
    return request
  }

  private func cardPlan() throws -> CardPlan {
    let old = try RulesOption.day("--old-card-end", oldCardEnd)
    guard let end = try RulesOption.day("--card-end", cardEnd) else { return .issued(renewing: old) }
    if old != nil {
      throw UserError(
        "--card-end keeps the card, --old-card-end replaces it", at: "--old-card-end", fix: "leave one of the two out")
    }
    return .existing(end: end)
  }

  private func residence(issued: CalendarDay) throws -> Residence {
    let until = try RulesOption.day("--stay-until", stayUntil)
    switch resident ?? (until == nil ? .japanese : .stay) {
    case .japanese, .permanent:
      if until != nil {
        throw UserError(
          "only a resident with a period of stay has an end of stay", at: "--stay-until",
          fix: "say --resident stay, or leave --stay-until out")
      }
      return resident == .permanent ? .permanent : .japanese
    case .stay:
      if cardEnd == nil {
        guard let until else {
          throw UserError(
            "the end of the stay is missing", at: "--resident stay", fix: "add --stay-until DAY, or --card-end DAY")
        }
        if until < issued {
          throw UserError(
            "the stay ended on \(until), before the issue on \(issued)", at: "--stay-until",
            fix: "give the end of the new stay; after a special period (rule R12) give the card's end as --card-end")
        }
      }
      return .stay(until: until ?? issued)
    }
  }

  private func plan(
    _ kind: CertificateKind, end text: String?, renewing: Set<CertificateKind>, without: Set<CertificateKind>,
    issued: CalendarDay
  ) throws -> CertificatePlan {
    let option = "--\(kind.rawValue)-end"
    let end = try RulesOption.day(option, text)
    if let end, let card = try RulesOption.day("--card-end", cardEnd), end > card {
      throw UserError(
        "\(kind.rawValue) cannot end on \(end), after its card on \(card) (rules R3, R4)", at: option,
        fix: "give an end until \(card), or the card's present end as --card-end")
    }
    if without.contains(kind) {
      if renewing.contains(kind) {
        throw UserError(
          "\(kind.rawValue) cannot be renewed and left out", at: "--without \(kind.rawValue)",
          fix: "name \(kind.rawValue) in --renewing or in --without, not in both")
      }
      if end != nil {
        throw UserError(
          "a holder without \(kind.rawValue) has no end of it", at: option,
          fix: "leave out \(option) or --without \(kind.rawValue); a live certificate that stays needs \(option) alone")
      }
      return .none
    }
    if renewing.contains(kind) {
      guard let end else {
        throw UserError(
          "the present end of \(kind.rawValue) is missing", at: "--renewing \(kind.rawValue)", fix: "add \(option) DAY")
      }
      return .issue(replacing: end)
    }
    guard let end else { return .issue(replacing: nil) }
    return end < issued ? .issue(replacing: end) : .keep(end: end)
  }

  private func refuseNothingIssued(_ request: IssuanceRequest) throws {
    let plans = [request.auth, request.sign]
    func isKept(_ plan: CertificatePlan) -> Bool { if case .keep = plan { true } else { false } }
    func isIssued(_ plan: CertificatePlan) -> Bool { if case .issue = plan { true } else { false } }
    guard plans.contains(where: isKept), !plans.contains(where: isIssued) else { return }
    throw UserError(
      "no certificate is issued: the live ones stay", at: "--auth-end, --sign-end",
      fix: "name those that are replaced in --renewing, as --renewing auth,sign")
  }
}
