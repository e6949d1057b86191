import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Before;
import org.junit.Test;

/** A lockout test with a card that nobody owns: the whole run is the command of `vmyna run`. */
public class LockoutTest {
    private static final byte[] DIGEST_INFO =
        HexFormat.of().parseHex("3031300d060960864801650304020105000420" + "5a".repeat(32));
    private static final String PIN = System.getenv("VMYNA_AUTH_PIN");

    private Login login;

    /** vmyna's control commands reach the card of this run by themselves. */
    private static String vmyna(String... words) throws Exception {
        String[] command = new String[words.length + 1];
        command[0] = "vmyna";
        System.arraycopy(words, 0, command, 1, words.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) throw new AssertionError(Arrays.toString(command) + ": " + text);
        return text;
    }

    private static int tries(String pin) throws Exception {
        Matcher matcher = Pattern.compile("\"" + pin + "\":\\{[^}]*\"triesLeft\":(\\d+)").matcher(vmyna("status", "--json"));
        if (!matcher.find()) throw new AssertionError("no PIN " + pin);
        return Integer.parseInt(matcher.group(1));
    }

    @Before
    public void freshCard() throws Exception {
        vmyna("restore", "image");
        login = new Login(System.getenv("VMYNA_READER"));
    }

    @Test
    public void rightPINSignsAndCostsNothing() throws Exception {
        assertEquals(256, login.sign(DIGEST_INFO, PIN, false).length);
        assertEquals(3, tries("auth"));
    }

    @Test
    public void wrongPINsAreToldWithTheTriesLeft() throws Exception {
        assertEquals(2, assertThrows(Login.WrongPIN.class, () -> login.sign(DIGEST_INFO, "9999", false)).left);
        assertEquals(1, assertThrows(Login.WrongPIN.class, () -> login.sign(DIGEST_INFO, "9999", false)).left);
        assertThrows(Login.LastTry.class, () -> login.sign(DIGEST_INFO, "9999", false));
        assertEquals(1, tries("auth"));
        assertEquals(5, tries("sign"));
    }

    @Test
    public void lockedCardIsSeenAndTheWardOfficeOpensIt() throws Exception {
        vmyna("set", "auth.tries=0");
        assertThrows(Login.Locked.class, () -> login.sign(DIGEST_INFO, PIN, true));
        vmyna("operator", "reset-pin", "auth", "--new", "4321");
        assertEquals(256, login.sign(DIGEST_INFO, "4321", false).length);
    }
}
