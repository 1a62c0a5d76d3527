package org.netdissect.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The frame of every page, for the template {@code base.jte}: a page is one file that needs no other files but images.
 *
 * @param title of the window
 * @param version of the program
 * @param styles the style sheets' text
 * @param script the script's text, empty for none
 * @param provenance lines at the end of the page on the origin of its numbers
 */
record PageFrame(String title, String version, String styles, String script, List<String> provenance) {
    private static final String COMMON_STYLES = "page.css";

    PageFrame {
        provenance = List.copyOf(provenance);
    }

    /**
     * A frame.
     *
     * @param files style sheets and scripts in this package's resources, added to the common ones
     */
    static PageFrame of(String title, String version, List<String> provenance, String... files) {
        List<String> styles = new ArrayList<>(List.of(read(COMMON_STYLES)));
        List<String> scripts = new ArrayList<>();
        for (String file : files) {
            (file.endsWith(".css") ? styles : scripts).add(read(file));
        }
        return new PageFrame(title, version, String.join("\n", styles), String.join("\n", scripts), provenance);
    }

    private static String read(String name) {
        try (InputStream in = Objects.requireNonNull(PageFrame.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own " + name + " cannot be read", e);
        }
    }
}
