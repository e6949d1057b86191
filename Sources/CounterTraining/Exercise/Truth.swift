import CardRules

/// When a sentence is so. Only what can be judged surely stands here: where it does not hold, whoever says the sentence
/// says something false.
public enum Truth: String, Sendable, CaseIterable {
  /// A card here has lapsed or was abolished.
  case cardLapsed = "card-lapsed"
  /// A card here is stopped.
  case cardStopped = "card-stopped"
  /// A signature certificate here was revoked, or the record has moved on from the card's face.
  case signRevoked = "sign-revoked"
  /// A certificate here cannot be used any more.
  case certificateDead = "certificate-dead"
  /// Somebody here is not yet 15.
  case under15 = "under-15"
  /// Somebody here is an adult ward.
  case adultWard = "adult-ward"
  /// The holder is not in front of the counter, and the card has lapsed with the death.
  case deceased
  /// A certificate here, and not one of today, cannot be renewed yet.
  case beforeWindow = "before-window"
  /// A letter on this counter came with its seal broken.
  case sealOpen = "seal-open"
  /// The terminal has not answered.
  case terminalDown = "terminal-down"
  /// A write was interrupted.
  case writeBroken = "write-broken"
  /// Somebody else than the holder asks.
  case proxy
  /// Nothing can be carried out at this office.
  case elsewhere
}

extension Exercise {
  /// Whether it is so at this moment, of any card and record of the exercise.
  func holds(_ truth: Truth) -> Bool {
    let records = world.records.compactMap(record)
    switch truth {
    case .cardLapsed: return records.contains { $0.status == .lapsed || $0.status == .abolished }
    case .cardStopped: return records.contains { $0.status == .stopped }
    case .signRevoked:
      return records.contains { facts in
        facts.registry.contains { $0.kind == .sign && $0.standing == .revoked } || facts.face.address != facts.address
          || facts.face.name != facts.name
      }
    case .certificateDead:
      return records.contains { facts in
        facts.certificates.contains { !$0.isAlive } || facts.registry.contains { $0.standing == .revoked }
      }
    case .under15:
      return records.contains { facts in
        facts.birth.map {
          BirthdayRule(born: $0, leapDay: variant.profile.leapDayBirthday).age(on: now.day) < Issuance.minimumSignAge
        } ?? false
      }
    case .adultWard: return records.contains(where: \.isAdultWard)
    case .deceased: return variant.lesson.customer.role != .holder && holds(.cardLapsed)
    case .beforeWindow:
      return records.contains {
        $0.certificates.contains { $0.isAlive && $0.issued < now.day && now.day < $0.window.opens }
      }
    case .sealOpen:
      return state.things.contains {
        $0.isSealed == false && !$0.isOpened && catalogue.paper($0.paper.kind)?.proof == .letter
      }
        || events.contains { if case .opened(_, false, _) = $0 { true } else { false } }
    case .terminalDown: return events.contains(.unavailable)
    case .writeBroken: return events.contains { if case .broken = $0 { true } else { false } }
    case .proxy: return variant.lesson.customer.role != .holder
    case .elsewhere: return variant.lesson.endings.isEmpty || variant.lesson.endings.contains { $0.orders.isEmpty }
    }
  }
}
