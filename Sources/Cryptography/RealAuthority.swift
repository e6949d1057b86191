extension X509Certificate {
  /// Whether issuer or subject has O=JPKI, the name of the real authority, whose certificates are people's identities. The
  /// test authority's name is another one.
  public var isOfRealAuthority: Bool {
    [issuer, subject].contains { name in
      Self.attributes(of: name).contains { $0.type == .organizationName && $0.text == "JPKI" }
    }
  }
}
