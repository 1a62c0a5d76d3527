package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.SharedData;
import org.netdissect.base.Tables;

/**
 * Real networks on real images, compared with tables of a brute-force computation in PyTorch and of the old programs.
 */
class ReferenceTablesTest {
    private static final String PLACES = "squeezenet1_1bn-places365";
    private static final String IMAGENET = "squeezenet1_0-imagenet";
    private static final List<String> CATEGORIES = List.of("color", "object", "part", "scene", "texture");

    /** Cache of all tests, so that each network runs once. */
    @TempDir
    static Path cache;

    @TempDir
    Path folder;

    private Path dissectPlaces(String form, Object... options) throws IOException {
        return dissect(
                PLACES + "." + form,
                List.of("BGR", "105.5,113.0,116.3", "255,255,255"),
                List.of("fire5", "fire9"),
                options);
    }

    private Path dissectImagenet(String form, Object... options) throws IOException {
        return dissect(
                IMAGENET + "." + form,
                List.of("RGB", "123,117,104", "1,1,1"),
                List.of("features.5", "features.12"),
                options);
    }

    private Path dissect(String model, List<String> preprocessing, List<String> layers, Object... options)
            throws IOException {
        Path out = folder.resolve("out" + options.length);
        List<Object> args = new ArrayList<>(List.of("dissect", "--pixel-scale", "1", "--cache", cache, "--out", out));
        args.addAll(List.of("--model", SharedData.require("models/" + model + ".pt")));
        args.addAll(List.of("--probe", SharedData.require("probe")));
        args.addAll(List.of("--channels", preprocessing.get(0), "--mean", preprocessing.get(1)));
        args.addAll(List.of("--std", preprocessing.get(2)));
        args.addAll(List.of(options));
        if (!args.contains("--layer")) {
            layers.forEach(layer -> args.addAll(List.of("--layer", layer)));
        }
        Cli run = Cli.run(args.toArray());
        assertEquals(0, run.code(), run.toString());
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void places365(String form) throws IOException {
        Path half = dissectPlaces(
                form,
                "--interpolation",
                "half-pixel",
                "--require",
                "fire9:detectors==167",
                "--require",
                "fire9:unique==40");
        compare(half, PLACES, "fire5", "half-pixel");
        compare(half, PLACES, "fire9", "half-pixel");
        Path usual = dissectPlaces(form);
        compare(usual, PLACES, "fire5", "receptive-field");
        compare(usual, PLACES, "fire9", "receptive-field");
        Path lite = dissectPlaces(form, "--profile", "netdissect-lite");
        compare(lite, PLACES, "fire5", "netdissect-lite");
        compare(lite, PLACES, "fire9", "netdissect-lite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void imagenet(String form) throws IOException {
        Path half = dissectImagenet(form, "--interpolation", "half-pixel");
        compare(half, IMAGENET, "features.5", "half-pixel");
        compare(half, IMAGENET, "features.12", "half-pixel");
        Path usual = dissectImagenet(form);
        compare(usual, IMAGENET, "features.12", "receptive-field");
        Path lite = dissectImagenet(form, "--profile", "netdissect-lite", "--threads", "2");
        compare(lite, IMAGENET, "features.5", "netdissect-lite");
        compare(lite, IMAGENET, "features.12", "netdissect-lite");
    }

    /** Table of NetDissect-Lite, from its thresholds. */
    @Test
    void netDissectLite() throws IOException {
        Path run = SharedData.require("reference/netdissect-lite-run/places365-fire9");
        Path out = dissectPlaces(
                "traced",
                "--layer",
                "fire9",
                "--profile",
                "netdissect-lite",
                "--thresholds",
                run.resolve("quantile.npy"));
        compareCounts(out, run.resolve("tally.csv"));
    }

    /**
     * Table of the released code, from its thresholds. That code keeps at most 2,048 counts of units and labels for
     * each image, so that small counts may be missing.
     */
    @Test
    void netDissect() throws IOException {
        Path run = SharedData.require("reference/netdissect-run/places365-fire9");
        Path out = dissectPlaces(
                "traced", "--layer", "fire9", "--profile", "netdissect", "--thresholds", run.resolve("thresholds.npy"));
        compareCounts(out, run.resolve("fire9-result.csv"));
    }

    /** Asserts that every label is the same, and that counts differ by a few pixels in at most one in 50 rows. */
    private static void compareCounts(Path out, Path table) throws IOException {
        Map<String, CSVRecord> ours = Tables.byUnit(out.resolve("fire9").resolve("detectors.csv"));
        List<CSVRecord> reference = Tables.read(table);
        assertEquals(reference.size(), ours.size());
        int all = 0;
        int different = 0;
        for (CSVRecord expected : reference) {
            CSVRecord actual = Objects.requireNonNull(ours.get(expected.get("unit")), expected.get("unit"));
            for (String category : CATEGORIES) {
                String where = "unit " + expected.get("unit") + " " + category;
                if (number(expected, category, "iou") == 0) {
                    assertEquals(0, number(actual, category, "iou"), where);
                    continue;
                }
                String label = expected.get(category + "-label");
                assertEquals(label.equals("-") ? "" : label, actual.get(category + "-label"), where);
                assertEquals(number(expected, category, "truth"), number(actual, category, "truth"), where);
                for (String count : List.of("activation", "intersect")) {
                    double off = Math.abs(number(expected, category, count) - number(actual, category, count));
                    assertTrue(off <= 10, where + ": " + count + " differs by " + off);
                    all++;
                    different += off > 0 ? 1 : 0;
                }
            }
        }
        assertTrue(all > 4000 && different * 50 <= all, different + " of " + all + " counts differ");
    }

    private static double number(CSVRecord row, String category, String column) {
        return Double.parseDouble(row.get(category + "-" + column));
    }

    private static void compare(Path out, String network, String layer, String table) throws IOException {
        Map<String, CSVRecord> ours = Tables.byUnit(out.resolve(layer).resolve("detectors.csv"));
        List<CSVRecord> reference =
                Tables.read(SharedData.require("reference/probe." + network + "." + layer + "." + table + ".csv"));
        assertEquals(reference.size(), ours.size());
        for (CSVRecord expected : reference) {
            CSVRecord actual = Objects.requireNonNull(ours.get(expected.get("unit")), expected.get("unit"));
            for (String category : CATEGORIES) {
                compare(layer + " unit " + expected.get("unit") + " " + category, category + "-", expected, actual);
            }
        }
    }

    private static void compare(String where, String prefix, CSVRecord expected, CSVRecord actual) {
        double iou = Double.parseDouble(expected.get(prefix + "iou"));
        double ourIou = Double.parseDouble(actual.get(prefix + "iou"));
        assertEquals(iou, ourIou, 0.0005, where);
        if (iou <= 0.001) {
            return;
        }
        if (!expected.get(prefix + "label").equals(actual.get(prefix + "label"))) {
            assertEquals(iou, ourIou, 0.00002, where + ": another label, and no tie");
            return;
        }
        assertEquals(expected.get(prefix + "truth"), actual.get(prefix + "truth"), where);
        for (String count : List.of("activation", "intersect")) {
            long pixels = Long.parseLong(expected.get(prefix + count));
            long difference = Math.abs(pixels - Long.parseLong(actual.get(prefix + count)));
            assertTrue(
                    difference <= Math.max(3, 0.002 * pixels),
                    where + ": " + count + " differs by " + difference + " of " + pixels);
        }
    }
}
