import CardImage
import CardKernel
import Cryptography
import ISO7816
import MyNumberCard

extension CardImage {
  /// Everything that is wrong with the image: whether a card can be made of it, and whether its certificates, keys and what
  /// tells of them belong together. Signatures are not checked: cards with a forged certificate or under a wrong root are
  /// made on purpose.
  /// - Parameter location: the image's folder.
  public func faults(location: String) -> [ImageFault] {
    var faults: [ImageFault] = []
    do throws(ImageFault) {
      _ = try makeCard(location: location)
    } catch {
      faults.append(error)
    }
    guard CardGeneration.named(manifest.generation)?.application(.jpki) != nil else { return faults }
    for pair in CertificatePair.all { faults += PairCheck(image: self, pair: pair, location: location).faults() }
    return faults
  }
}

/// A certificate, its authority's certificate, its key, and its byte in EF 0008.
private struct CertificatePair {
  let name: String
  let certificate: FileID
  let authority: FileID
  let key: FileID
  let place: Int

  static let all = [
    CertificatePair(
      name: "signature", certificate: JPKIApplication.signCertificate,
      authority: JPKIApplication.signAuthorityCertificate, key: JPKIApplication.signKey, place: 0),
    CertificatePair(
      name: "authentication", certificate: JPKIApplication.authCertificate,
      authority: JPKIApplication.authAuthorityCertificate, key: JPKIApplication.authKey, place: 1),
  ]
}

/// One pair of an image.
private struct PairCheck {
  let image: CardImage
  let pair: CertificatePair
  let location: String

  private static let fix = "mint the card again, or take the file of the image that it was made with"

  /// EF 0008 says so of a certificate that is there.
  private static let present: UInt8 = 0x8F

  private func path(_ file: FileID) -> FilePath { FilePath(.jpki, file) }

  private func fault(_ problem: String, _ file: FileID, _ ending: String) -> ImageFault {
    ImageFault(problem, at: "\(location)/\(path(file)).\(ending)", fix: Self.fix)
  }

  func faults() -> [ImageFault] {
    var faults: [ImageFault] = []
    let certificate = read(pair.certificate, "the \(pair.name) certificate", &faults)
    let authority = read(pair.authority, "the certificate of the \(pair.name) authority", &faults)
    let hasCertificate = image.data[path(pair.certificate)]?.isEmpty == false
    if hasCertificate, image.data[path(pair.authority)]?.isEmpty ?? true {
      faults.append(fault("the certificate of the \(pair.name) authority is missing", pair.authority, "der"))
    }
    if let certificate, let authority, certificate.issuer != authority.subject {
      faults.append(
        fault(
          "the \(pair.name) certificate was not issued by the authority of \(path(pair.authority))", pair.certificate,
          "der"))
    }
    checkKey(of: certificate, isExpected: hasCertificate, &faults)
    checkPresence(hasCertificate, &faults)
    return faults
  }

  private func read(_ file: FileID, _ what: String, _ faults: inout [ImageFault]) -> X509Certificate? {
    guard let bytes = image.data[path(file)], !bytes.isEmpty else { return nil }
    if (try? RealAuthority.namesRealAuthority(der: bytes)) == true {
      faults.append(
        ImageFault(
          "the certificate in \(path(file)) names the real authority (O=JPKI); a real certificate is somebody's identity, "
            + "and this is a tool for tests", at: location, fix: "use a card made by 'vmyna mint'"))
      return nil
    }
    do throws(CryptographyError) {
      return try X509Certificate(prefixOf: bytes)
    } catch {
      faults.append(fault("\(what) cannot be read: \(error)", file, "der"))
      return nil
    }
  }

  private func checkKey(of certificate: X509Certificate?, isExpected: Bool, _ faults: inout [ImageFault]) {
    guard let bytes = image.keys[path(pair.key)], !bytes.isEmpty else {
      if isExpected {
        faults.append(fault("the private key of the \(pair.name) certificate is missing", pair.key, "pem"))
      }
      return
    }
    do throws(CryptographyError) {
      let key = try RSAPrivateKey(pkcs8DER: bytes)
      if let certificate, certificate.publicKey != key.publicKey {
        faults.append(
          fault(
            "this is not the private key of the \(pair.name) certificate in \(path(pair.certificate))", pair.key, "pem")
        )
      }
    } catch {
      faults.append(fault("the private key of the \(pair.name) certificate cannot be read: \(error)", pair.key, "pem"))
    }
  }

  private func checkPresence(_ hasCertificate: Bool, _ faults: inout [ImageFault]) {
    let file = JPKIApplication.certificateAvailability
    let bytes = image.data[path(file)] ?? []
    let saysSo = bytes.indices.contains(pair.place) && bytes[pair.place] == Self.present
    let certificate = path(pair.certificate)
    if saysSo, !hasCertificate {
      faults.append(
        fault("\(path(file)) says that there is a \(pair.name) certificate, and \(certificate) is missing", file, "bin")
      )
    }
    if !saysSo, hasCertificate {
      faults.append(
        fault(
          "\(path(file)) says that there is no \(pair.name) certificate, and \(certificate) is there", file, "bin"))
    }
  }
}
