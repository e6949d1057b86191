extension LifeEvent {
  /// What the event does to certificates, card and PINs, as the municipality's profile says.
  ///
  /// | event                         | sign               | auth               | card      |
  /// |-------------------------------|--------------------|--------------------|-----------|
  /// | unclaimed                     | unspecified        | unspecified        | abolished |
  /// | issue, renewal                | superseded         | superseded         | –         |
  /// | request, for the chosen       | cessation          | cessation          | –         |
  /// | surrender, re-issue           | cessation          | cessation          | abolished |
  /// | card renewal                  | superseded         | superseded         | abolished |
  /// | move, name change             | affiliationChanged | –                  | –         |
  /// | continuing use missed         | cessation          | cessation          | lapsed    |
  /// | stop                          | hold               | hold               | stopped   |
  /// | release (C3)                  | cessation          | released/cessation | active    |
  /// | longer stay                   | cessation          | cessation          | –         |
  /// | leaving Japan, continuing     | affiliationChanged | –                  | –         |
  /// | leaving Japan, death          | cessation          | cessation          | lapsed    |
  /// | to face authentication        | cessation          | –                  | –         |
  ///
  /// The reasons of issue, renewal, move, name, request and destruction are the operator's meanings; those of release,
  /// longer stay, leaving, death and face authentication are chosen here, no source tells them.
  public func effect(profile: MunicipalityProfile = .national) -> EventEffect {
    switch self {
    case .handOver: make(.handOver, card: .becomes(.active), pins: .allSet)
    case .unclaimed: make(.handOver, both: .revoked(.unspecified), card: .becomes(.abolished))
    case .issue: make(.laterIssue, both: .revoked(.superseded), pins: .issuedSet)
    case .renewal: make(.renewal, both: .revoked(.superseded), pins: .issuedSet)
    case .certificateExpiry: make(.r8, both: .expires, offers: [.sign, .auth])
    case .cardExpiry: make(.people9, both: .expires, card: .becomes(.lapsed))
    case .lock: make(.pins11)
    case .changePIN: make(.change, pins: .oneRefilled)
    case .resetPIN: make(.reset, pins: .oneRefilled)
    case .revocationRequest: make(.revocation, both: .revoked(.cessationOfOperation))
    case .surrender: make(.revocation, both: .revoked(.cessationOfOperation), card: .becomes(.abolished))
    case .moveWithin, .moveIn, .continuingUseMissed: moved
    case .nameChange: make(.nameChange, sign: .revoked(.affiliationChanged), offers: [.sign, .auth])
    case .minorCorrection: make(.minorCorrection)
    case .stop: make(.stop, both: .onHold, card: .becomes(.stopped))
    case .release: released(profile)
    case .reissue: make(.reissue, both: .revoked(.cessationOfOperation), card: .becomes(.abolished))
    case .cardRenewal: make(.cardRenewal, both: .revoked(.superseded), card: .becomes(.abolished))
    case .stayExtension:
      make(
        .stayExtension, both: .revoked(.cessationOfOperation), offers: [.sign, .auth], deadlines: [.beforeCardEnd])
    case .leavingJapanContinuing:
      make(
        .leavingJapan, sign: .revoked(.affiliationChanged), offers: [.sign, .auth], deadlines: [.byDayBeforeLeaving])
    case .leavingJapan: make(.leavingJapan, both: .revoked(.cessationOfOperation), card: .becomes(.lapsed))
    case .death: make(.death, both: .revoked(.cessationOfOperation), card: .becomes(.lapsed))
    case .toFaceAuthentication: make(.faceAuthentication, sign: .revoked(.cessationOfOperation), pins: .unusable)
    case .fromFaceAuthentication: make(.faceAuthentication, pins: .allSet, offers: [.sign])
    case .turning15: make(.turning15, offers: [.sign])
    }
  }

  private var moved: EventEffect {
    switch self {
    case .moveIn:
      make(
        .move, sign: .revoked(.affiliationChanged), offers: [.sign, .auth],
        deadlines: [
          .noticeAfterMove(days: 14), .noticeAfterPlannedDate(days: 30), .continuingUseAfterNotice(days: 90),
        ])
    case .continuingUseMissed: make(.move, both: .revoked(.cessationOfOperation), card: .becomes(.lapsed))
    default: make(.move, sign: .revoked(.affiliationChanged), offers: [.sign, .auth])
    }
  }

  private func released(_ profile: MunicipalityProfile) -> EventEffect {
    let resumes = profile.release == .authResumes
    return make(
      .release, sign: .revoked(.cessationOfOperation), auth: resumes ? .released : .revoked(.cessationOfOperation),
      card: .becomes(.active), offers: resumes ? [.sign] : [.sign, .auth])
  }

  private func make(
    _ rule: Rule, both: CertificateEffect, card: CardEffect = .unchanged, pins: EventEffect.PINs = .unchanged,
    offers: Set<CertificateKind> = [], deadlines: [EventEffect.Deadline] = []
  ) -> EventEffect {
    make(rule, sign: both, auth: both, card: card, pins: pins, offers: offers, deadlines: deadlines)
  }

  private func make(
    _ rule: Rule, sign: CertificateEffect = .unchanged, auth: CertificateEffect = .unchanged,
    card: CardEffect = .unchanged, pins: EventEffect.PINs = .unchanged, offers: Set<CertificateKind> = [],
    deadlines: [EventEffect.Deadline] = []
  ) -> EventEffect {
    EventEffect(
      event: self, rule: rule, sign: sign, auth: auth, card: card, pins: pins, offers: offers, deadlines: deadlines)
  }
}
