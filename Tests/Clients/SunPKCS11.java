// SunPKCS11: the card as a Java key store: signatures, and TLS client authentication.
// needs: default-jdk-headless opensc-pkcs11
// >>> Docs/Clients.md
import java.io.FileInputStream;
import java.net.URL;
import java.nio.file.*;
import java.security.*;
import java.security.cert.CertificateFactory;
import javax.net.ssl.*;

public class SunPKCS11 {
    static Provider provider(String name, int slot) throws Exception {
        Path configuration = Files.writeString(Path.of(name + ".cfg"), """
            name = %s
            library = /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so
            slotListIndex = %d
            """.formatted(name, slot));
        Provider provider = Security.getProvider("SunPKCS11").configure(configuration.toString());
        Security.addProvider(provider);
        return provider;
    }

    static KeyStore store(Provider provider, String pin) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, pin.toCharArray());
        return store;
    }

    static void signAndVerify(Provider provider, KeyStore store, String alias) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA", provider);
        signature.initSign((PrivateKey) store.getKey(alias, null));
        signature.update("letter".getBytes());
        byte[] bytes = signature.sign();
        Signature verification = Signature.getInstance("SHA256withRSA");
        verification.initVerify(store.getCertificate(alias));
        verification.update("letter".getBytes());
        if (!verification.verify(bytes)) throw new AssertionError(alias);
    }

    static String logIn(KeyStore store, String address) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        trusted.setCertificateEntry("server",
            CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream("server.pem")));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("NewSunX509");
        keys.init(new KeyStoreBuilderParameters(KeyStore.Builder.newInstance(store, new KeyStore.PasswordProtection(null))));
        SSLContext context = SSLContext.getInstance("TLSv1.2");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsURLConnection connection = (HttpsURLConnection) new URL(address).openConnection();
        connection.setSSLSocketFactory(context.getSocketFactory());
        return new String(connection.getInputStream().readAllBytes());
    }

    public static void main(String[] arguments) throws Exception {
        Provider auth = provider("auth", 0);
        KeyStore authStore = store(auth, System.getenv("VMYNA_AUTH_PIN"));
        signAndVerify(auth, authStore, "User Authentication Certificate");
        Provider sign = provider("sign", 1);
        signAndVerify(sign, store(sign, System.getenv("VMYNA_SIGN_PIN")), "Digital Signature Certificate");

        String page = logIn(authStore, "https://localhost:" + System.getenv("port") + "/");
        if (!page.contains("Client certificate")) throw new AssertionError(page);
        System.out.println("SunPKCS11 " + Runtime.version().feature() + ": both keys sign, TLS 1.2 with the certificate");
    }
}
// <<<
