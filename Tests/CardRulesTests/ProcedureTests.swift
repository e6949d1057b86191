import CardRules
import Testing

@Suite("Events, fees, and what is done where")
struct ProcedureTests {
  @Test(
    "what events do to sign and auth",
    arguments: [
      (
        LifeEvent.moveIn, CertificateEffect.revoked(.affiliationChanged), CertificateEffect.unchanged,
        CardEffect.unchanged
      ),
      (.moveWithin, .revoked(.affiliationChanged), .unchanged, .unchanged),
      (.nameChange, .revoked(.affiliationChanged), .unchanged, .unchanged),
      (.minorCorrection, .unchanged, .unchanged, .unchanged),
      (.lock, .unchanged, .unchanged, .unchanged),
      (.resetPIN, .unchanged, .unchanged, .unchanged),
      (.stop, .onHold, .onHold, .becomes(.stopped)),
      (.release, .revoked(.cessationOfOperation), .released, .becomes(.active)),
      (.death, .revoked(.cessationOfOperation), .revoked(.cessationOfOperation), .becomes(.lapsed)),
      (.reissue, .revoked(.cessationOfOperation), .revoked(.cessationOfOperation), .becomes(.abolished)),
      (.renewal, .revoked(.superseded), .revoked(.superseded), .unchanged),
      (.leavingJapanContinuing, .revoked(.affiliationChanged), .unchanged, .unchanged),
      (.leavingJapan, .revoked(.cessationOfOperation), .revoked(.cessationOfOperation), .becomes(.lapsed)),
      (.toFaceAuthentication, .revoked(.cessationOfOperation), .unchanged, .unchanged),
      (.unclaimed, .revoked(.unspecified), .revoked(.unspecified), .becomes(.abolished)),
      (.cardExpiry, .expires, .expires, .becomes(.lapsed)),
    ])
  func effects(event: LifeEvent, sign: CertificateEffect, auth: CertificateEffect, card: CardEffect) {
    let effect = event.effect()
    #expect(effect[.sign] == sign)
    #expect(effect[.auth] == auth)
    #expect(effect.card == card)
  }

  @Test("every event names a rule of the table", arguments: LifeEvent.allCases)
  func rules(event: LifeEvent) { #expect(Rule.all.contains(event.effect().rule)) }

  @Test("a release leaves what the profile says")
  func release() {
    var profile = MunicipalityProfile.national
    profile.release = .bothAnew
    #expect(LifeEvent.release.effect(profile: profile).auth == .revoked(.cessationOfOperation))
    #expect(LifeEvent.release.effect(profile: profile).offers == [.sign, .auth])
    #expect(LifeEvent.release.effect().offers == [.sign])
  }

  @Test(
    "fees",
    arguments: [
      (Fee.Service.certificates, 0), (.pin, 0), (.card(cause: .ownCause, withCertificates: true, express: false), 1000),
      (.card(cause: .ownCause, withCertificates: false, express: false), 800),
      (.card(cause: .ownCause, withCertificates: true, express: true), 2000),
      (.card(cause: .ownCause, withCertificates: false, express: true), 1800),
      (.card(cause: .noteSpaceFull, withCertificates: true, express: false), 0),
      (.card(cause: .lapsed, withCertificates: true, express: false), 0),
      (.card(cause: .missedStay, withCertificates: true, express: false), 1000),
    ])
  func fees(service: Fee.Service, yen: Int) { #expect(Fee.of(service).total == yen) }

  @Test("a lapsed card's successor is paid where the profile says so")
  func lapsedFee() {
    var profile = MunicipalityProfile.national
    profile.lapsedCardFee = .paid
    #expect(Fee.of(.card(cause: .lapsed, withCertificates: true, express: false), profile: profile).total == 1000)
  }

  @Test("shops reset PIN-S with PIN-A, PIN-A where the table says, nothing else")
  func shops() {
    func ruling(
      _ secret: CardSecret, _ place: PINCase.Place, _ profile: MunicipalityProfile, other: Bool = true
    ) -> Bool {
      var pinCase = PINCase(.reset, of: secret, at: place)
      pinCase.isLocked = true
      pinCase.otherPINWorks = other
      return pinCase.ruling(profile: profile).isAllowed
    }
    for profile in MunicipalityProfile.builtIn {
      #expect(ruling(.sign, .convenienceStore, profile))
      #expect(!ruling(.sign, .convenienceStore, profile, other: false))
      #expect(ruling(.auth, .otherShop, profile))
      for secret in [CardSecret.residentRecord, .textInput, .numberA, .numberB] {
        #expect(!ruling(secret, .convenienceStore, profile))
        #expect(!ruling(secret, .app, profile))
        #expect(ruling(secret, .office, profile))
      }
    }
    #expect(ruling(.auth, .convenienceStore, .national))
    #expect(!ruling(.auth, .convenienceStore, .nagoya))
  }

  @Test("shops want good certificates, a photograph and the holder")
  func shopConditions() {
    var pinCase = PINCase(.reset, of: .sign, at: .convenienceStore)
    pinCase.otherPINWorks = true
    #expect(pinCase.ruling().isAllowed)
    pinCase.applicant = .proxy
    #expect(!pinCase.ruling().isAllowed)
    pinCase.applicant = .holder
    pinCase.certificatesAreGood = false
    #expect(!pinCase.ruling().isAllowed)
    pinCase.certificatesAreGood = true
    pinCase.hasPhotograph = false
    #expect(!pinCase.ruling().isAllowed)
  }

  @Test("a change needs the present PIN, and no lock")
  func change() {
    var pinCase = PINCase(.change, of: .auth, at: .app)
    #expect(!pinCase.ruling().isAllowed)
    pinCase.isKnown = true
    #expect(pinCase.ruling().isAllowed)
    pinCase.isLocked = true
    #expect(!pinCase.ruling().isAllowed)
    pinCase.place = .office
    #expect(pinCase.ruling().rule == .change && !pinCase.ruling().isAllowed)
    pinCase.operation = .reset
    #expect(pinCase.ruling().isAllowed)
    pinCase.cardStatus = .stopped
    #expect(pinCase.ruling().rule == .people9 && !pinCase.ruling().isAllowed)
    #expect(!PINCase(.change, of: .residentRecord, at: .app).ruling().isAllowed)
  }

  @Test("who may have sign and act alone")
  func people() {
    #expect(!Eligibility.mayHave(.sign, age: 14).isAllowed)
    #expect(Eligibility.mayHave(.sign, age: 15).isAllowed)
    #expect(!Eligibility.mayHave(.sign, age: 40, isAdultWard: true).isAllowed)
    #expect(Eligibility.mayHave(.auth, age: 0, isAdultWard: true).isAllowed)
    #expect(!Eligibility.mayActAlone(age: 14).isAllowed)
    #expect(Eligibility.mayActAlone(age: 15).isAllowed)
    #expect(!Eligibility.mayActAlone(age: 40, isAdultWard: true).isAllowed)
  }
}
