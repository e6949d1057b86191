// javax.smartcardio: APDUs from Java.
// needs: default-jdk-headless
// >>> Docs/Clients.md
import java.util.HexFormat;
import javax.smartcardio.*;

public class SmartcardIO {
    static CardChannel channel;

    static ResponseAPDU transmit(String hex, int expected) throws CardException {
        ResponseAPDU answer = channel.transmit(new CommandAPDU(HexFormat.of().parseHex(hex)));
        if (answer.getSW() != expected) throw new AssertionError(hex + ": " + Integer.toHexString(answer.getSW()));
        return answer;
    }

    public static void main(String[] arguments) throws Exception {
        Card card = TerminalFactory.getDefault().terminals().getTerminal(System.getenv("VMYNA_READER")).connect("T=1");
        channel = card.getBasicChannel();

        transmit("00a4040c0ad392f000260100000001", 0x9000);
        transmit("00a4020c02000a", 0x9000);
        // One extended READ BINARY brings the whole file.
        byte[] file = channel.transmit(new CommandAPDU(0x00, 0xB0, 0x00, 0x00, 2048)).getData();
        if (file.length != 2048 || file[0] != 0x30) throw new AssertionError("no certificate");

        transmit("00a4020c020018", 0x9000);
        transmit("00200080", 0x63C3);
        byte[] pin = System.getenv("VMYNA_AUTH_PIN").getBytes();
        if (channel.transmit(new CommandAPDU(0x00, 0x20, 0x00, 0x80, pin)).getSW() != 0x9000) throw new AssertionError("PIN");
        transmit("0020008004" + "39393939", 0x63C2);
        card.disconnect(true);
        System.out.println("javax.smartcardio " + Runtime.version().feature() + ": extended lengths, a PIN, T=1");
    }
}
// <<<
