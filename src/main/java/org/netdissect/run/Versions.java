package org.netdissect.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.netdissect.activation.Fingerprint;
import org.netdissect.network.Engines;

/** Versions of the program, its engine and its platform. */
public final class Versions {
    /** Name of the machine that ran the network. */
    static final String PROCESSOR = "processor";

    private Versions() {}

    /** The program's version. */
    public static String program() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("/org-netdissect.properties")) {
            properties.load(java.util.Objects.requireNonNull(in, "org-netdissect.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own properties cannot be read", e);
        }
        return properties.getProperty("version");
    }

    /** All versions by name; {@code machine} runs the network. */
    public static Map<String, String> all(Fingerprint machine) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("netdissect", program());
        versions.put("engine", Engines.version());
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put(PROCESSOR, machine.toString());
        return versions;
    }
}
