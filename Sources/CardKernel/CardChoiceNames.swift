import ISO7816

extension CardChoices {
  /// Sets a choice by its name, as resident files and images do.
  /// - Returns: `false`, and nothing changes, for an unknown name or a value that it cannot have.
  public mutating func set(_ name: String, to value: String) -> Bool {
    let flags: [String: WritableKeyPath<CardChoices, Bool>] = [
      "wrongLengthSpendsTry": \.wrongLengthSpendsTry, "wrongGuessRevokes": \.wrongGuessRevokes,
      "selectReturnsFCI": \.selectReturnsFCI, "warmResetClears": \.warmResetClears,
      "changeKeepsVerified": \.changeKeepsVerified, "firstCommandFails": \.firstCommandFails,
    ]
    if let path = flags[name], let flag = Bool(value) {
      self[keyPath: path] = flag
      return true
    }
    switch name {
    case "blockedAnswer":
      guard let bytes = [UInt8](hex: value), bytes == [0x69, 0x83] || bytes == [0x69, 0x84] else { return false }
      blockedAnswer = bytes == [0x69, 0x83] ? .authenticationMethodBlocked : .referencedKeyBlocked
    case "pssSaltLength":
      guard let length = Int(value), (0...222).contains(length) else { return false }
      pssSaltLength = length
    default:
      return false
    }
    return true
  }
}
