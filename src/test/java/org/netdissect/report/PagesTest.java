package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gg.jte.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {
    @TempDir
    Path folder;

    @Test
    void aPageEscapesWhatItPrintsAndNeedsNoOtherFile() throws IOException {
        String hostile = "<script>alert('x')</script> \"&";
        Path file = folder.resolve("page.html");
        PageFrame frame = PageFrame.of(hostile, "1.0", List.of(hostile));
        Content content = output -> output.writeUserContent(hostile);
        Pages.write(file, "base.jte", Map.of("frame", frame, "content", content));
        String page = Files.readString(file);
        assertTrue(page.startsWith("<!DOCTYPE html>"), page);
        assertFalse(page.contains("<script>"), page);
        assertTrue(page.contains("<title>&lt;script&gt;"), page);
        assertTrue(page.contains("<p>&lt;script&gt;"), page);
        assertTrue(page.contains("prefers-color-scheme"), "styles are in the page");
        assertFalse(page.contains("http:") || page.contains("https:"), "nothing from the network");
    }
}
