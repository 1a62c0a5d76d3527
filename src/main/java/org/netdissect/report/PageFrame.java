package org.netdissect.report;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.base.Resources;

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
        return Resources.text(PageFrame.class, name);
    }
}
