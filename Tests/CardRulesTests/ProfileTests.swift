import CardRules
import Testing

@Suite("Municipality profiles")
struct ProfileTests {
  @Test("every setting can be read, written, and refuses nonsense", arguments: ProfileSetting.all.map(\.key))
  func settings(key: String) throws {
    let setting = try #require(ProfileSetting.named(key))
    for profile in MunicipalityProfile.builtIn {
      var copy = profile
      #expect(setting.apply(setting.value(profile), &copy))
      #expect(copy == profile)
      for nonsense in ["", "nonsense", "-1", "99999999999999999999"] {
        #expect(!setting.apply(nonsense, &copy))
        #expect(copy == profile)
      }
    }
    #expect(Rule.all.contains(setting.rule))
  }

  @Test("the seed city differs from the national default exactly where its page speaks")
  func nagoya() {
    let differing = ProfileSetting.all.filter { $0.value(.national) != $0.value(.nagoya) }.map(\.key)
    #expect(differing == ["authRenewal", "authWindow", "signBesideAuthRenewal", "stores"])
  }

  @Test("the seed city opens the window of auth one day before that of sign")
  func window() {
    let end = day("2030-09-10")
    #expect(RenewalWindow(end: end, of: .auth, profile: .nagoya).opens == day("2030-06-10"))
    #expect(RenewalWindow(end: end, of: .sign, profile: .nagoya).opens == day("2030-06-11"))
    #expect(RenewalWindow(end: end, of: .auth).opens == day("2030-06-11"))
  }
}
