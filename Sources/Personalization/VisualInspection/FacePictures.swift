import CardRules
import Cryptography

/// The pictures of a card face.
struct FacePictures: Sendable {
  /// Name, PNG of one bit.
  var name: [UInt8]
  /// Address, PNG of one bit.
  var address: [UInt8]
  /// Photograph, JP2, grey.
  var photograph: [UInt8]
  /// The four digits of the security code, PNG of one bit.
  var securityCode: [UInt8]
  /// My number, PNG of one bit.
  var number: [UInt8]

  /// Height of a line of text in pixels, and its longest line in characters (our choice).
  private static let textSize = 24
  private static let charactersPerLine = 20

  /// Draws the pictures of a resident.
  init(of resident: Resident, number: String, seed: UInt64) throws(FaceFault) {
    let text = TextDrawing(
      font: try FaceFont.load(), size: Self.textSize, charactersPerLine: Self.charactersPerLine)
    do throws(TrueTypeFont.Malformed) {
      name = PNGEncoder.oneBit(try text.picture(of: resident.holder.name))
      address = PNGEncoder.oneBit(try text.picture(of: resident.holder.address))
    } catch {
      throw FaceFault(
        "a glyph of the font is broken (\(error.what))", at: FaceFont.variable,
        fix: "apt-get install --reinstall fonts-ipaexfont-gothic, or set \(FaceFont.variable) to another .ttf file")
    }
    let sitter = Portrait.Sitter(
      isFemale: resident.holder.sex == .female, age: resident.ageOnFace,
      isOnPicture: resident.card.hasPhotograph, seed: seed)
    photograph = JPEG2000Encoder.encode(Portrait.picture(of: sitter))
    securityCode = PNGEncoder.oneBit(DigitDrawing.picture(of: resident.card.securityCode))
    self.number = PNGEncoder.oneBit(DigitDrawing.picture(of: number))
  }
}
