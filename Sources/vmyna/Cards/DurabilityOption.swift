import ArgumentParser
import CardImage

/// `--sync`, beside `--state`.
struct DurabilityOption: ParsableArguments {
  @Flag(help: "Wait for the disk at each write of the state, so that it outlives a power loss of this machine too.")
  var sync = false

  var durability: StateDurability { sync ? .machine : .process }
}
