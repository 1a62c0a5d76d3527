package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.broden.TinyProbe;

/**
 * The bytes of visualisations depend on seed and settings alone: not on threads, other units, restarts or kills; and
 * folders of other settings are refused.
 */
class VisualizeRestartTest {
    private static final Path MODEL = Path.of("broden-sample", "scenenet.pt");

    @TempDir
    static Path folder;

    private static Path probe;
    /** units 7 to 11 of layer4, on one thread */
    private static Path five;

    @BeforeAll
    static void five() throws IOException {
        probe = TinyProbe.in(folder.resolve("probe"))
                .category("object")
                .label(1, "cat", "object", 1)
                .image("a.png", "train", new GridSize(40, 50), 0x4080c0, new GridSize(1, 1))
                .plane("object", "1")
                .image("b.png", "train", new GridSize(50, 40), 0xf0a010, new GridSize(1, 1))
                .plane("object", "1")
                .write();
        five = folder.resolve("five");
        done(visualize(five, "--units", "6-10", "--threads", "1"));
    }

    private static List<Object> arguments(Path out, Object... more) {
        List<Object> all = new ArrayList<>(List.of("visualize", "--model", MODEL, "--size", "24,32", "--out", out));
        all.addAll(List.of(more));
        defaults(all, "--layer", "layer4");
        defaults(all, "--probe", probe);
        defaults(all, "--steps", "12");
        if (!all.contains("--diverse")) {
            defaults(all, "--batch", "4");
        }
        return all;
    }

    private static void defaults(List<Object> all, String option, Object value) {
        if (!all.contains(option)) {
            all.addAll(List.of(option, value));
        }
    }

    private static Cli visualize(Path out, Object... more) {
        return Cli.run(arguments(out, more).toArray());
    }

    private static Cli done(Cli cli) {
        assertEquals(0, cli.code(), cli.toString());
        return cli;
    }

    private static void refused(Cli cli, String... fragments) {
        assertEquals(2, cli.code(), cli.toString());
        assertEquals(1, cli.errorLine().lines().count(), cli.toString());
        for (String fragment : fragments) {
            assertTrue(cli.errorLine().contains(fragment), "no '" + fragment + "' in: " + cli.errorLine());
        }
    }

    /** All files but run.json, which tells times, with their bytes. */
    private static SortedMap<String, String> files(Path out) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(out)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("run.json")) {
                    files.put(out.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }

    private static void assertSame(Path expected, Path found) throws IOException {
        SortedMap<String, String> one = files(expected);
        SortedMap<String, String> other = files(found);
        assertEquals(one.keySet(), other.keySet());
        for (String name : one.keySet()) {
            assertEquals(one.get(name), other.get(name), name);
        }
    }

    private static byte[] image(Path out, String name) throws IOException {
        return Files.readAllBytes(out.resolve("layer4").resolve(name));
    }

    private static String row(Path out, String image) throws IOException {
        return Files.readAllLines(out.resolve("layer4/visualizations.csv")).stream()
                .filter(line -> line.startsWith(image + ","))
                .findFirst()
                .orElseThrow();
    }

    private static Path copy(Path out, String name) throws IOException {
        Path copy = folder.resolve(name);
        try (Stream<Path> all = Files.walk(out)) {
            for (Path file : all.toList()) {
                Path target = copy.resolve(out.relativize(file).toString());
                Files.copy(file, target);
            }
        }
        return copy;
    }

    @Test
    void threadsAndRerunsChangeNothing() throws IOException {
        SortedMap<String, String> files = files(five);
        assertEquals(
                List.of(
                        "channel-0006.png",
                        "channel-0010.png",
                        "curves.npy",
                        "sheet.html",
                        "sheet.png",
                        "visualizations.csv"),
                files.keySet().stream()
                        .map(name -> name.replace("layer4/", ""))
                        .filter(name -> !name.matches("channel-000[789].png"))
                        .toList());
        Path out = folder.resolve("threads");
        done(visualize(out, "--units", "6-10", "--threads", "2"));
        assertSame(five, out);
    }

    @Test
    void aUnitDoesNotDependOnItsCompany() throws IOException {
        Path alone = folder.resolve("alone");
        done(visualize(alone, "--units", "7"));
        assertArrayEquals(image(five, "channel-0007.png"), image(alone, "channel-0007.png"));
        assertEquals(row(five, "channel-0007"), row(alone, "channel-0007"));
        Path elsewhere = folder.resolve("elsewhere");
        done(visualize(elsewhere, "--units", "2-5,7-8,40"));
        assertArrayEquals(image(five, "channel-0007.png"), image(elsewhere, "channel-0007.png"));
        assertArrayEquals(image(five, "channel-0008.png"), image(elsewhere, "channel-0008.png"));
        assertEquals(row(five, "channel-0007"), row(elsewhere, "channel-0007"));
    }

    @Test
    void finishedImagesAreNotMadeAgainAndMoreUnitsAreAdded() throws IOException {
        Path out = folder.resolve("more");
        done(visualize(out, "--units", "7,9"));
        Path seven = out.resolve("layer4/channel-0007.png");
        Files.setLastModifiedTime(seven, FileTime.fromMillis(1_000_000));
        Cli more = done(visualize(out, "--units", "6-10"));
        assertTrue(more.err().contains("2 of 5 images are there already"), more.err());
        assertEquals(1_000_000, Files.getLastModifiedTime(seven).toMillis());
        assertSame(five, out);
        Cli again = done(visualize(out, "--units", "6-10"));
        assertTrue(again.err().contains("5 of 5 images are there already"), again.err());
        assertFalse(again.err().contains("visualising"), again.err());
        assertEquals(more.out(), again.out());
        Files.delete(seven);
        done(visualize(out, "--units", "6-10"));
        assertSame(five, out);
    }

    @Test
    void otherSettingsAreRefusedUnlessTheyOverwrite() throws IOException {
        Path out = copy(five, "settings");
        SortedMap<String, String> before = files(out);
        refused(
                visualize(out, "--units", "6-10", "--seed", "1"),
                out.toString(),
                "seed is 0 there and 1 here",
                "--overwrite");
        refused(visualize(out, "--units", "6-10", "--batch", "2"), "batch is 4 there and 2 here", "--overwrite");
        refused(visualize(out, "--units", "6-10", "--steps", "13"), "steps is 12 there and 13 here");
        refused(visualize(out, "--units", "6-10", "--transforms", "none"), "transforms is ");
        refused(visualize(out, "--units", "6-10", "--decay", "0.5"), "decay is 1.0 there and 0.5 here");
        refused(visualize(out, "--objective", "layer"), "objective is channel there and layer here");
        assertEquals(before, files(out));
        done(visualize(out, "--layer", "layer3", "--units", "1"));
        assertEquals(
                before,
                files(out.resolve("layer4")).entrySet().stream()
                        .collect(TreeMap::new, (m, e) -> m.put("layer4/" + e.getKey(), e.getValue()), TreeMap::putAll));
        done(visualize(out, "--layer", "layer3", "--units", "1", "--seed", "1", "--overwrite"));
        assertFalse(
                Files.exists(out.resolve("layer4/channel-0007.png")),
                "images of the other seed in another layer would be taken for finished ones");
        done(visualize(out, "--units", "6-10", "--seed", "1"));
        assertNotEquals(before.get("layer4/channel-0007.png"), files(out).get("layer4/channel-0007.png"));
        done(visualize(out, "--units", "6-10", "--overwrite"));
        assertSame(five, out);
    }

    /** The share of moves under which a direction is first is among all of them. */
    @Test
    void anotherNumberOfRandomDirectionsIsAnotherRun() throws IOException {
        Path out = folder.resolve("directions");
        done(visualize(out, "--random-directions", "2"));
        refused(
                visualize(out, "--random-directions", "3"),
                "directions is 2 random there and 3 random here",
                "--overwrite");
    }

    @Test
    void diverseImagesAreMadeTogether() throws IOException {
        Path diverse = folder.resolve("diverse");
        Object[] options = {"--units", "6-7", "--diverse", "3", "--tail", "both"};
        done(visualize(diverse, options));
        assertEquals(
                12,
                files(diverse).keySet().stream()
                        .filter(name -> name.contains("channel"))
                        .count());
        Path out = copy(diverse, "diverse-again");
        Files.delete(out.resolve("layer4/channel-0006-negative-2.png"));
        done(visualize(out, options));
        assertSame(diverse, out);
    }

    @Test
    void aKilledRunGoesOnAndEndsWithTheSameBytes() throws IOException, InterruptedException {
        Object[] options = {"--units", "0-23", "--steps", "140", "--threads", "2"};
        Path undisturbed = folder.resolve("undisturbed");
        done(visualize(undisturbed, options));
        Path out = folder.resolve("killed");
        for (int images : new int[] {1, 9}) {
            Process child = start(arguments(out, options));
            while (child.isAlive() && (rows(out) < images || states(out) == 0)) {
                child.waitFor(2, TimeUnit.MILLISECONDS);
            }
            assertTrue(child.isAlive(), "too quick to be killed");
            child.destroyForcibly().waitFor();
        }
        Cli last = done(visualize(out, options));
        assertTrue(last.err().contains(" of 24 images are there already"), last.err());
        assertFalse(Files.exists(out.resolve("layer4/.ascent")));
        assertSame(undisturbed, out);
    }

    /** Number of finished images. */
    private static int rows(Path out) throws IOException {
        Path table = out.resolve("layer4/visualizations.csv");
        return Files.exists(table) ? Files.readAllLines(table).size() - 1 : 0;
    }

    private static int states(Path out) {
        String[] names = out.resolve("layer4/.ascent")
                .toFile()
                .list((parent, name) -> name.endsWith(".state") && !name.startsWith("."));
        return names == null ? 0 : names.length;
    }

    private static Process start(List<Object> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "org.netdissect.cli.Main"));
        arguments.forEach(argument -> command.add(argument.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }
}
