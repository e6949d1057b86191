import Authority
import CardImage
import CardKernel
import CardRules
import MyNumberCard

extension WardOffice {
  /// What has to be written so that the card of the old facts becomes that of the new ones. PINs stay as they are, but for
  /// 照合番号B, which names the last year of the card.
  func changes(from old: Resident, to new: Resident) throws -> [CardChange] {
    var (old, new) = (old, new)
    if old.holder == new.holder, old.card.end == new.card.end {
      // The pictures do not change, and drawing them takes most of the time.
      old.card.options.isFaceDrawn = false
      new.card.options.isFaceDrawn = false
    }
    let before = try minter.mint(old)
    var after = try minter.mint(new)
    if usesRandomKeys { try replaceNewKeys(of: new, since: old, in: &after) }
    let changes = try before.makeCard(location: old.name).changes(leadingTo: after.makeCard(location: new.name))
    return changes.filter { change in
      switch change {
      case .pin(let path, _, _), .triesLeft(let path, _):
        profile.numberBOnExtension == .recompute && old.card.end != new.card.end
          && [PINName.numberB.path, PINName.faceNumberB.path].contains(path)
      case .contents, .records, .key: true
      }
    }
  }

  /// A card whose keys are secret gets secret ones again.
  private func replaceNewKeys(of new: Resident, since old: Resident, in image: inout CardImage) throws {
    let (seed, _) = minter.random(for: new)
    let issuing = Issuing(authority: minter.authority, seed: seed)
    for facts in new.certificates
    where facts.isOnCard && !old.certificates.contains(where: { $0.kind == facts.kind && $0.issue == facts.issue }) {
      try JPKIContents(resident: new, issuing: issuing, keys: KeySource(seed: seed, isRandom: true))
        .issue(facts, into: &image)
    }
  }
}
