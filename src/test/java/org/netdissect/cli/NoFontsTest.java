package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process without fonts, as on many servers and in small containers. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "skipped: Java finds fonts by fontconfig on Linux only")
class NoFontsTest {
    private static final String NOTE = "there are no charts, since this machine's Java cannot draw text";

    @TempDir
    Path folder;

    private String run(Object... args) throws IOException, InterruptedException {
        Path fonts = Files.writeString(
                folder.resolve("fonts.conf"),
                "<?xml version=\"1.0\"?><fontconfig><cachedir>" + folder + "/fonts</cachedir></fontconfig>");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.awt.headless=true",
                // folder of Java's font cache
                "-Duser.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "org.netdissect.cli.Main"));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("FONTCONFIG_FILE", fonts.toString());
        int code = builder.start().waitFor();
        String log = Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
        assertEquals(0, code, log);
        return log;
    }

    @Test
    void theReportGoesWithoutChartsAndSaysWhy() throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        String log =
                run("dissect", "--limit", 4, "--layer", "layer5", "--cache", folder.resolve("cache"), "--out", out);
        assertTrue(log.contains("note: " + NOTE), log);
        assertFalse(log.contains("InvocationTargetException"), "the cause, not what it was wrapped into: " + log);
        String page = Files.readString(out.resolve("report.html"));
        assertTrue(page.contains(NOTE), "the page says so too");
        assertFalse(page.contains("class=\"chart\""));
        assertEquals(160, page.split("<article ", -1).length - 1, "all units are there");
        assertTrue(Files.exists(out.resolve("report/images/000001.jpg")));
        assertFalse(Files.exists(out.resolve("report/charts")));
        assertTrue(Files.exists(out.resolve("run.json")));
    }
}
