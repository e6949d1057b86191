import java.util.HexFormat;
import javax.smartcardio.*;

/** The program under test: signs a challenge with the authentication key, and never spends the last try unasked. */
public final class Login {
    public static final class WrongPIN extends Exception {
        public final int left;

        WrongPIN(int left) {
            super("wrong PIN, " + left + " tries left");
            this.left = left;
        }
    }

    public static final class Locked extends Exception {}

    public static final class LastTry extends Exception {}

    private final CardChannel channel;

    public Login(String reader) throws CardException {
        channel = TerminalFactory.getDefault().terminals().getTerminal(reader).connect("T=1").getBasicChannel();
    }

    private byte[] expect(CommandAPDU command) throws CardException {
        ResponseAPDU answer = channel.transmit(command);
        if (answer.getSW() != 0x9000) throw new CardException(Integer.toHexString(answer.getSW()));
        return answer.getData();
    }

    private void select(int p1, String name) throws CardException {
        expect(new CommandAPDU(0x00, 0xA4, p1, 0x0C, HexFormat.of().parseHex(name)));
    }

    public int triesLeft() throws CardException {
        select(0x04, "d392f000260100000001");
        select(0x02, "0018");
        int status = channel.transmit(new CommandAPDU(0x00, 0x20, 0x00, 0x80)).getSW();
        if ((status & 0xFFF0) != 0x63C0) throw new CardException(Integer.toHexString(status));
        return status & 0xF;
    }

    public byte[] sign(byte[] digestInfo, String pin, boolean mayLock) throws CardException, WrongPIN, Locked, LastTry {
        int left = triesLeft();
        if (left == 0) throw new Locked();
        if (left == 1 && !mayLock) throw new LastTry();
        int status = channel.transmit(new CommandAPDU(0x00, 0x20, 0x00, 0x80, pin.getBytes())).getSW();
        if ((status & 0xFFF0) == 0x63C0) throw new WrongPIN(status & 0xF);
        if (status != 0x9000) throw new CardException(Integer.toHexString(status));
        select(0x02, "0017");
        return expect(new CommandAPDU(0x80, 0x2A, 0x00, 0x80, digestInfo, 256));
    }
}
