package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache shared with a process in which PyTorch uses the kernels of an old processor. */
class OtherProcessorTest {
    private static final String NOTE = "are of other kernels of the engine (ATEN_CPU_CAPABILITY: ";

    @TempDir
    Path folder;

    private Path cache;
    private byte[] usual;
    private byte[] old;

    @BeforeEach
    void runWithoutACache() throws IOException, InterruptedException {
        cache = folder.resolve("cache");
        run("usual", "--no-cache");
        runOld("old", "--no-cache");
        usual = table("usual");
        old = table("old");
        assumeFalse(
                Arrays.equals(usual, old),
                "skipped: PyTorch has no other kernels here, or ATEN_CPU_CAPABILITY is set already");
    }

    /** Arguments of a run, with options of {@code storage}. */
    private Object[] dissect(String out, Object... storage) {
        List<Object> args = new ArrayList<>(
                List.of("dissect", "--device", "cpu", "--limit", 60, "--layer", "layer5", "--top-images", 1));
        args.addAll(List.of("--out", folder.resolve(out)));
        args.addAll(storage.length > 0 ? List.of(storage) : List.of("--cache", cache));
        return args.toArray();
    }

    /** Runs in this process. */
    private String run(String out, Object... storage) {
        Cli run = Cli.run(dissect(out, storage));
        assertEquals(0, run.code(), run.toString());
        return run.err();
    }

    private Process startOld(String out, Object... storage) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "org.netdissect.cli.Main"));
        Stream.of(dissect(out, storage)).forEach(arg -> command.add(arg.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("ATEN_CPU_CAPABILITY", "default");
        return builder.start();
    }

    private String runOld(String out, Object... storage) throws IOException, InterruptedException {
        int code = startOld(out, storage).waitFor();
        String log = Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
        assertEquals(0, code, log);
        return log;
    }

    private byte[] table(String out) throws IOException {
        return Files.readAllBytes(folder.resolve(out).resolve("layer5/detectors.csv"));
    }

    private List<Path> keys() throws IOException {
        try (Stream<Path> keys = Files.list(cache)) {
            return keys.sorted().toList();
        }
    }

    @Test
    void eachHasItsOwnActivations() throws IOException, InterruptedException {
        run("a");
        assertArrayEquals(usual, table("a"));
        String log = runOld("b");
        assertArrayEquals(old, table("b"), "not made of the other kernels' activations");
        assertTrue(log.contains(NOTE + "not set there, default here)"), log);
        String again = runOld("c");
        assertArrayEquals(old, table("c"));
        assertFalse(again.contains("activations:") || again.contains(NOTE), again);
        String back = run("d");
        assertArrayEquals(usual, table("d"));
        assertFalse(back.contains("activations:") || back.contains("note: the activations"), back);
        assertEquals(2, keys().size());

        Cli report = Cli.run("report", folder.resolve("b"));
        assertEquals(0, report.code(), "made of the activations that the run was made of: " + report);
        Path image = Path.of("broden-sample/images", firstImage());
        assertTrue(explain("b", image).contains("note: the run's machine was "), "digits of an image may differ");
        assertFalse(explain("a", image).contains("machine"));

        Cli verify = Cli.run("cache", "verify", "--cache", cache);
        assertEquals(0, verify.code(), verify.toString());
        Cli prune = Cli.run("cache", "prune", "--max-size", "0B", "--cache", cache);
        assertEquals(0, prune.code(), prune.toString());
        assertEquals(List.of(), keys(), "no file was left behind");
    }

    private String explain(String out, Path image) {
        Cli explained = Cli.run("explain", folder.resolve(out), image, "--device", "cpu", "--no-page");
        assertEquals(0, explained.code(), explained.toString());
        return explained.err();
    }

    private static String firstImage() throws IOException {
        String row = Files.readAllLines(Path.of("broden-sample/index.csv")).get(1);
        return row.substring(0, row.indexOf(','));
    }

    @Test
    void oneDoesNotGoOnWithWhatTheOtherBegan() throws IOException, InterruptedException {
        Process killed = startOld("e");
        while (killed.isAlive() && !hasProgress()) {
            Thread.sleep(5);
        }
        assertTrue(killed.isAlive(), "too quick to be killed");
        killed.destroyForcibly().waitFor();
        String log = run("f");
        assertArrayEquals(usual, table("f"));
        assertTrue(log.contains(NOTE + "default there, not set here)"), log);
        String rest = runOld("g");
        assertTrue(rest.contains("going on at image "), rest);
        assertArrayEquals(old, table("g"));
    }

    private boolean hasProgress() throws IOException {
        if (Files.isDirectory(cache)) {
            for (Path key : keys()) {
                Path progress = key.resolve("layer5/progress.log");
                if (Files.exists(progress) && Files.size(progress) > 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
