package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The least activating images of the bundled sample: behind a ReLU, and of a layer with both signs. */
class LeastImagesRunTest {
    private static final String SIGNED = "layer5.bn2";
    private static final int IMAGES = 60;
    private static final int LEAST = 3;
    private static final Pattern UNIT = Pattern.compile("<article class=\"unit\" data-unit=\"(\\d+)\".*?</article>");
    private static final Pattern ROW = Pattern.compile("(?:<h4>([^<]*)(?:<span class=\"soft\">([^<]*)</span>)?</h4>"
            + "\\s*)?<div class=\"tiles\" data-row=\"([^\"]*)\">(.*?)</div>");
    private static final Pattern TILE =
            Pattern.compile("data-image=\"(\\d+)\".*?activation ([^\"]+)\".*?<path d=\"([^\"]*)\"");

    @TempDir
    static Path folder;

    @BeforeAll
    static void dissectBothTails() {
        Cli run = dissect("both", "--tail", "both", "--top-images", 2, "--least-images", LEAST);
        assertEquals(0, run.code(), run.toString());
    }

    /** Dissects with a shared cache, unless it is to be without. */
    private static Cli dissect(String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--limit", IMAGES, "--out", folder.resolve(out)));
        args.addAll(List.of("--layer", "layer5", "--layer", SIGNED));
        args.addAll(List.of(more));
        if (!args.contains("--no-cache")) {
            args.addAll(List.of("--cache", folder.resolve("cache")));
        }
        return Cli.run(args.toArray());
    }

    private static String page(String out, String view) throws IOException {
        return Files.readString(folder.resolve(out).resolve("report").resolve(view + ".html"));
    }

    private static List<MatchResult> all(Pattern pattern, String text) {
        return Pattern.compile(pattern.pattern(), Pattern.DOTALL)
                .matcher(text)
                .results()
                .toList();
    }

    /** Greatest activation of each image, or least one with the sign turned. */
    private static float[] greatest(NpyFloats maps, int units, int unit, boolean lower) {
        int cells = maps.values().capacity() / IMAGES / units;
        float[] greatest = new float[IMAGES];
        for (int image = 0; image < IMAGES; image++) {
            greatest[image] = Float.NEGATIVE_INFINITY;
            for (int cell = 0; cell < cells; cell++) {
                float value = maps.values().get((image * units + unit) * cells + cell);
                greatest[image] = Math.max(greatest[image], lower ? -value : value);
            }
        }
        return greatest;
    }

    @ParameterizedTest
    @CsvSource({
        "layer5, layer5, most activating, least activating",
        "layer5.bn2, layer5.bn2, most activating, least activating",
        "layer5.bn2-lower, layer5.bn2, lowest minimum, highest minimum",
        "layer5-lower, layer5, lowest minimum, highest minimum"
    })
    void thePageShowsThoseOfTheDefinition(String view, String layer, String most, String least) throws IOException {
        NpyFloats maps = NpyFloats.activations(folder.resolve("both"), layer);
        boolean lower = view.endsWith("-lower");
        List<MatchResult> units = all(UNIT, page("both", view));
        assertEquals(160, units.size());
        int tiedUnits = 0;
        for (MatchResult unit : units) {
            List<MatchResult> rows = all(ROW, unit.group());
            assertEquals(2, rows.size());
            assertEquals(most, rows.get(0).group(1));
            assertEquals(2, all(TILE, rows.get(0).group(4)).size());
            MatchResult row = rows.get(1);
            assertEquals(least, row.group(1));
            assertEquals(least, row.group(3));
            float[] greatest = greatest(maps, units.size(), Integer.parseInt(unit.group(1)) - 1, lower);
            List<Integer> expected = IntStream.range(0, IMAGES)
                    .boxed()
                    .sorted(Comparator.comparing((Integer image) -> greatest[image] + 0f)
                            .thenComparing(image -> image))
                    .limit(LEAST)
                    .toList();
            List<MatchResult> tiles = all(TILE, row.group(4));
            assertEquals(
                    expected,
                    tiles.stream().map(tile -> Integer.valueOf(tile.group(1))).toList());
            for (MatchResult tile : tiles) {
                float activation = greatest[Integer.parseInt(tile.group(1))];
                String number = String.format(Locale.ROOT, "%.4g", lower ? 0f - activation : activation);
                assertEquals(number, tile.group(2));
                assertEquals("", tile.group(3), "far below the threshold, so that there is no mask");
            }
            float last = greatest[expected.get(LEAST - 1)];
            long tied = IntStream.range(0, IMAGES)
                    .filter(image -> greatest[image] == last)
                    .count();
            long shown =
                    expected.stream().filter(image -> greatest[image] == last).count();
            boolean isTied = tied > shown;
            tiedUnits += isTied ? 1 : 0;
            String note = row.group(2) == null ? "" : row.group(2);
            assertEquals(isTied, note.startsWith(": activation "), note);
            if (isTied && last == 0) {
                assertEquals(
                        ": activation 0 on " + tied + " images, the first " + (shown == 1 ? "" : shown + " ") + "shown",
                        note);
            }
        }
        assertEquals(layer.equals("layer5"), tiedUnits > 20, tiedUnits + " units with ties");
    }

    @ParameterizedTest
    @CsvSource({"'--threads 1'", "'--threads 3 --memory 300kB'", "''"})
    void withoutACacheThePageIsTheSame(String options) throws IOException {
        List<Object> args = new ArrayList<>(List.of("--top-images", 2, "--least-images", LEAST, "--tail", "both"));
        args.addAll(List.of("--no-cache", "--overwrite"));
        if (!options.isEmpty()) {
            args.addAll(List.of((Object[]) options.split(" ")));
        }
        Cli run = dissect("streamed", args.toArray());
        assertEquals(0, run.code(), run.toString());
        for (String view : List.of("layer5", SIGNED, SIGNED + "-lower")) {
            assertEquals(page("both", view), page("streamed", view), options);
        }
        Cli report = Cli.run("report", folder.resolve("streamed"), "--least-images", 1);
        assertEquals(2, report.code(), report.toString());
        assertEquals(1, report.errorLine().lines().count());
        assertTrue(report.errorLine().contains("kept no activations"), report.errorLine());
    }

    @Test
    void oneTailWithoutACacheIsTheSame() throws IOException {
        for (Object[] storage : new Object[][] {{"--no-cache"}, {}}) {
            List<Object> args = new ArrayList<>(List.of("--top-images", 2, "--least-images", LEAST, "--overwrite"));
            args.addAll(List.of(storage));
            Cli run = dissect("upper", args.toArray());
            assertEquals(0, run.code(), run.toString());
            assertEquals(page("both", "layer5"), page("upper", "layer5"));
        }
    }

    @Test
    void theReportOfARunWithoutThemShowsThem() throws IOException {
        Cli run = dissect("plain", "--tail", "both", "--top-images", 2);
        assertEquals(0, run.code(), run.toString());
        String plain = page("plain", "layer5");
        assertFalse(plain.contains("<h4>") || plain.contains("least activating"), "as before");
        String table = Files.readString(folder.resolve("plain/layer5/detectors.csv"));
        Cli report = Cli.run("report", folder.resolve("plain"), "--top-images", 2, "--least-images", LEAST);
        assertEquals(0, report.code(), report.toString());
        assertEquals(page("both", "layer5"), page("plain", "layer5"));
        assertEquals(page("both", SIGNED + "-lower"), page("plain", SIGNED + "-lower"));
        assertEquals(table, Files.readString(folder.resolve("plain/layer5/detectors.csv")));
        assertEquals(
                0, Cli.run("report", folder.resolve("plain"), "--top-images", 2).code());
        assertEquals(plain, page("plain", "layer5"));
    }

    @Test
    void theyAreShownAloneAndAllImagesWhereMoreAreWanted() throws IOException {
        Cli alone = dissect("alone", "--top-images", 0, "--least-images", 100);
        assertEquals(0, alone.code(), alone.toString());
        for (MatchResult unit : all(UNIT, page("alone", "layer5"))) {
            List<MatchResult> rows = all(ROW, unit.group());
            assertEquals(1, rows.size());
            assertEquals("least activating", rows.get(0).group(1));
            assertEquals(IMAGES, all(TILE, rows.get(0).group(4)).size());
        }
    }

    @Test
    void wrongNumbersAreRefused() {
        for (Object number : List.of(-1, 101, "many")) {
            Cli run = dissect("wrong", "--least-images", number);
            assertEquals(2, run.code(), run.toString());
            assertTrue(run.errorLine().contains("--least-images"), run.errorLine());
            assertEquals(
                    2,
                    Cli.run("report", folder.resolve("both"), "--least-images", number)
                            .code());
        }
        Cli hidden = dissect("wrong", "--least-images", 1, "--no-report");
        assertEquals(2, hidden.code(), hidden.toString());
        assertTrue(hidden.errorLine().contains("--no-report"), hidden.errorLine());
        assertFalse(Files.exists(folder.resolve("wrong")));
    }
}
