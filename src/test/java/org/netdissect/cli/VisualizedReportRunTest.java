package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Json;
import org.netdissect.result.MadeImages;

/** The command report with images by optimisation, on the bundled sample. */
class VisualizedReportRunTest {
    private static final String MADE = "class=\"made\"";

    @TempDir
    static Path folder;

    private static Path run = Path.of("");
    private static String model = "";

    @BeforeAll
    static void dissect() throws IOException {
        run = folder.resolve("run");
        dissectAgain("--top-images", "2");
        model = Json.read(Files.readAllBytes(run.resolve("run.json")))
                .path("settings")
                .path("activations.model")
                .asText();
        assertEquals(64, model.length(), model);
    }

    private static Cli dissectAgain(Object... more) {
        Object[] args = {"dissect", "--limit", 20, "--layer", "layer5", "--cache", folder.resolve("cache"), "--out", run
        };
        Object[] all = Stream.of(args, more).flatMap(Stream::of).toArray();
        Cli done = Cli.run(all);
        assertEquals(0, done.code(), done.toString());
        return done;
    }

    private static Path made(String name, String layer, String sha256) throws IOException {
        Path out = folder.resolve(name);
        new MadeImages(out, layer).add(0, false, 1, 0xff0000).add(0, true, 1, 0x00ff00);
        Files.writeString(out.resolve("run.json"), "{\"model\": {\"sha256\": \"" + sha256 + "\"}}");
        return out;
    }

    private static int shown() throws IOException {
        return Files.readString(run.resolve("report.html")).split(MADE, -1).length - 1;
    }

    private static void report(int images, Object... more) throws IOException {
        Object[] args = {"report", run};
        Cli done = Cli.run(Stream.of(args, more).flatMap(Stream::of).toArray());
        assertEquals(0, done.code(), done.toString());
        assertEquals(images, shown());
    }

    private static void refused(String message, Object... more) {
        Object[] args = {"report", run};
        Cli done = Cli.run(Stream.of(args, more).flatMap(Stream::of).toArray());
        assertEquals(2, done.code(), done.toString());
        assertTrue(done.errorLine().contains(message), done.errorLine());
        assertEquals(1, done.errorLine().lines().count());
    }

    @Test
    void aReportShowsVisualisationsWhereItIsAsked() throws IOException {
        Path elsewhere = made("elsewhere", "layer5", model);
        report(0);
        String without = Files.readString(run.resolve("report.html"));
        report(2, "--visualizations", elsewhere);
        assertTrue(Files.exists(run.resolve("report/visualizations/layer5-channel-0000.png")));
        report(0, "--no-visualizations");
        assertEquals(without, Files.readString(run.resolve("report.html")));
        assertFalse(Files.exists(run.resolve("report/visualizations")));
    }

    @Test
    void thoseInTheRunDirectoryAreUsedWithoutAsking() throws IOException {
        Path usual = made("run/visualize", "layer5", model);
        try {
            report(2);
            report(0, "--no-visualizations");
            dissectAgain();
            assertEquals(2, shown());
            Files.delete(usual.resolve("run.json"));
            report(2);
            // another network
            made("run/visualize", "layer5", "0".repeat(64));
            refused("run/visualize/run.json: model.sha256 is 000");
            assertTrue(dissectAgain().err().contains("note: the report is without visualisations: "));
            assertEquals(0, shown());
            // another layer
            Files.move(usual.resolve("layer5"), usual.resolve("layer6"));
            report(0);
        } finally {
            Files.move(usual, folder.resolve("removed"));
        }
    }

    private static Cli visualize(Object... more) {
        Object[] args = {"visualize", "--run", run, "--steps", 1, "--size", "32,32"};
        return Cli.run(Stream.of(args, more).flatMap(Stream::of).toArray());
    }

    /** A report shows whole channels; images of something else must not take those away. */
    @Test
    void imagesOfNeuronsLeaveTheReportAsItIs() throws IOException {
        report(2, "--visualizations", made("shown", "layer5", model));
        String before = Files.readString(run.resolve("report.html"));
        Cli neurons = visualize("--objective", "neuron", "--units", "0", "--out", folder.resolve("neurons"));
        assertEquals(0, neurons.code(), neurons.toString());
        assertEquals(before, Files.readString(run.resolve("report.html")));
        Cli channels = visualize("--units", "0", "--out", folder.resolve("channels"));
        assertEquals(0, channels.code(), channels.toString());
        assertEquals(1, shown());
    }

    @Test
    void layersHaveNoUseForClasses() {
        Cli both = visualize("--layer", "layer5", "--classes", "1", "--out", folder.resolve("both"));
        assertEquals(2, both.code(), both.toString());
        assertTrue(both.errorLine().contains("leave --layer out"), both.errorLine());
    }

    /** Images of another probe set give other qualities, though the run names its own. */
    @Test
    void aProbeSetElsewhereCountsByItsImages() throws IOException {
        Path sample = Path.of("broden-sample");
        Path copy = folder.resolve("sample");
        Path image = null;
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                Path target = copy.resolve(sample.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                    image = image == null && file.toString().endsWith(".jpg") ? target : image;
                }
            }
        }
        Object[] options = {"--units", "0", "--no-report", "--out", folder.resolve("probed"), "--probe", copy};
        Cli same = visualize(options);
        assertEquals(0, same.code(), same.toString());
        Path changed = java.util.Objects.requireNonNull(image);
        byte[] bytes = Files.readAllBytes(changed);
        Files.write(changed, java.util.Arrays.copyOf(bytes, bytes.length + 1));
        Cli other = visualize(options);
        assertEquals(2, other.code(), other.toString());
        assertTrue(other.errorLine().contains("(probe is "), other.errorLine());
    }

    @Test
    void whatCannotBeShownIsRefusedInOneLine() throws IOException {
        refused("no-visualizations: give one of them", "--visualizations", "x", "--no-visualizations");
        refused("nowhere: holds no visualizations.csv", "--visualizations", folder.resolve("nowhere"));
        Path other = made("other", "layer4", model);
        refused("has no visualisations of the run's layers layer5", "--visualizations", other);
        Path network = made("network", "layer5", "ab".repeat(32));
        refused("run.json: model.sha256 is abab", "--visualizations", network);
        Files.writeString(network.resolve("run.json"), "{");
        refused("run.json: is not JSON", "--visualizations", network);
        Files.writeString(network.resolve("run.json"), "{}");
        report(2, "--visualizations", network);
        Files.writeString(network.resolve("layer5/visualizations.csv"), "image\n");
        refused("visualizations.csv:1: no column objective", "--visualizations", network);
    }
}
