package org.netdissect.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.netdissect.network.Engines;

/** Versions of the program and of what it runs on. */
public final class Versions {
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

    static Map<String, String> all() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("netdissect", program());
        versions.put("engine", Engines.version());
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }
}
