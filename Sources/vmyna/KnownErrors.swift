import Authority
import CardImage
import CardService
import Cryptography
import Personalization
import PrivatePCSC

extension UserError {
  /// An error of the modules below, in the one form that users see; `nil` for any other.
  init?(known error: any Error) {
    switch error {
    case let error as UserError: self = error
    case let error as ImageFault:
      self.init(error.problem, at: error.location, fix: error.fix, exitCode: error.isOfMachine ? 3 : 1)
    case let error as ResidentFaults:
      guard let first = error.faults.first else { return nil }
      let more = error.faults.count > 1 ? " (and \(error.faults.count - 1) more: 'vmyna check' shows all)" : ""
      self.init(first.problem, at: first.location, fix: first.fix + more, exitCode: 1)
    case let error as FaceFault: self.init(error.problem, at: error.location, fix: error.fix, exitCode: 3)
    case let error as ContentFault:
      self.init(error.problem, at: error.key.map { "holder: \($0):" }, fix: error.fix, exitCode: 1)
    case let error as ServiceFault:
      self.init(error.problem, at: error.location, fix: error.fix, exitCode: error.exitCode)
    case let error as WorldError: self.init(error.problem, at: error.place, fix: error.fix, exitCode: error.exitCode)
    case let error as AuthorityError: self.init(error.problem, fix: error.fix, exitCode: 1)
    case let error as CryptographyError:
      self.init(error.description, fix: "check the file that it came from, or mint the card again", exitCode: 1)
    default: return nil
    }
  }

  /// Any error.
  init(describing error: any Error) {
    self = UserError(known: error) ?? UserError("\(error)", fix: "see 'vmyna --help'", exitCode: 1)
  }
}
