import GRDB
import Hummingbird

/// The training desk.
public enum Desk {
}
