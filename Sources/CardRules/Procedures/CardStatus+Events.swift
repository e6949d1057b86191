extension LifeEvent {
  /// The statuses in which a card takes the event.
  ///
  /// | event                                        | status of the card             | rules      |
  /// |----------------------------------------------|--------------------------------|------------|
  /// | hand-over, unclaimed                         | undelivered                    | 4.1        |
  /// | stop                                         | active                         | 4.13       |
  /// | release                                      | stopped                        | 4.14       |
  /// | surrender                                    | active, stopped                | 4.10       |
  /// | re-issue                                     | active, stopped, lapsed        | 4.15       |
  /// | leaving Japan, continuing use missed         | undelivered, active, stopped   | 4.11, 4.18 |
  /// | death, and what the calendar brings          | any                            | 4.19       |
  /// | certificates, PINs, face, stay, use abroad … | active                         | 3.9        |
  public var statuses: Set<CardStatus> {
    switch self {
    case .handOver, .unclaimed: [.undelivered]
    case .stop: [.active]
    case .release: [.stopped]
    case .surrender: [.active, .stopped]
    case .reissue: [.active, .stopped, .lapsed]
    case .leavingJapan, .continuingUseMissed: [.undelivered, .active, .stopped]
    case .death, .certificateExpiry, .cardExpiry, .lock, .turning15: Set(CardStatus.allCases)
    case .issue, .renewal, .changePIN, .resetPIN, .revocationRequest, .moveWithin, .moveIn, .nameChange,
      .minorCorrection, .cardRenewal, .stayExtension, .leavingJapanContinuing, .toFaceAuthentication,
      .fromFaceAuthentication:
      [.active]
    }
  }
}

extension Eligibility {
  /// Whether an event may happen to a card of that status, as ``LifeEvent/statuses`` says; after the holder's death none may
  /// (rule 4.19).
  public static func mayHappen(
    _ event: LifeEvent, to status: CardStatus, holderDiedOn death: CalendarDay? = nil
  ) -> Ruling {
    if let death {
      return .no(.death, ja: "持ち主は\(death)に亡くなっている", en: "the holder died on \(death)")
    }
    guard !event.statuses.contains(status) else {
      return .yes(.people9, ja: "カードは\(status.name.ja)", en: "the card is \(status.name.en)")
    }
    return switch event {
    case .handOver, .unclaimed: .no(.handOver, ja: "交付前ではない", en: "the card is handed over already")
    case .release: .no(.release, ja: "一時停止されていない", en: "the card is not stopped, it is \(status.name.en)")
    default: mayUse(status)
    }
  }
}
