/// What minting does on a machine that cannot draw card faces, because the font is missing.
public enum FacePolicy: Sendable {
  /// Minting fails: an image on disk is whole, or there is none.
  case required
  /// The card has no pictures, its two files that hold them are empty, and `report` is told why. For programs that use a card
  /// at once: most of them never look at its face.
  case optional(report: @Sendable (FaceFault) -> Void)

  /// The pictures of a resident; `nil` when the resident's file wants none or this machine cannot draw them.
  func pictures(of resident: Resident, number: String, seed: UInt64) throws(FaceFault) -> FacePictures? {
    guard resident.card.options.isFaceDrawn else { return nil }
    do throws(FaceFault) {
      return try FacePictures(of: resident, number: number, seed: seed)
    } catch {
      guard case .optional(let report) = self else { throw error }
      report(error)
      return nil
    }
  }
}
