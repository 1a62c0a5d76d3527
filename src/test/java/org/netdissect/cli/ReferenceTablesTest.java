package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.SharedData;
import org.netdissect.base.Tables;

/** Real networks on real images against the tables of a brute-force computation in PyTorch. */
class ReferenceTablesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void places365(String form) throws IOException {
        Path probe = SharedData.require("probe");
        Path model = SharedData.require("models/squeezenet1_1bn-places365." + form + ".pt");
        Path out = folder.resolve("out");
        Cli run = Cli.run(
                "dissect",
                "--model",
                model,
                "--layer",
                "fire5",
                "--layer",
                "fire9",
                "--probe",
                probe,
                "--out",
                out,
                "--cache",
                folder.resolve("cache"),
                "--channels",
                "BGR",
                "--pixel-scale",
                "1",
                "--mean",
                "105.5,113.0,116.3",
                "--std",
                "255,255,255",
                "--interpolation",
                "half-pixel",
                "--require",
                "fire9:detectors==167",
                "--require",
                "fire9:unique==40");
        assertEquals(0, run.code(), run.toString());
        compare(out, "squeezenet1_1bn-places365", "fire5");
        compare(out, "squeezenet1_1bn-places365", "fire9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void imagenet(String form) throws IOException {
        Path probe = SharedData.require("probe");
        Path model = SharedData.require("models/squeezenet1_0-imagenet." + form + ".pt");
        Path out = folder.resolve("out");
        Cli run = Cli.run(
                "dissect",
                "--model",
                model,
                "--layer",
                "features.5",
                "--layer",
                "features.12",
                "--probe",
                probe,
                "--out",
                out,
                "--cache",
                folder.resolve("cache"),
                "--channels",
                "RGB",
                "--pixel-scale",
                "1",
                "--mean",
                "123,117,104",
                "--std",
                "1,1,1",
                "--interpolation",
                "half-pixel");
        assertEquals(0, run.code(), run.toString());
        compare(out, "squeezenet1_0-imagenet", "features.5");
        compare(out, "squeezenet1_0-imagenet", "features.12");
    }

    /** At the centres of the units' receptive fields, which are derived from the network's code. */
    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void places365AtReceptiveFields(String form) throws IOException {
        Path out = folder.resolve("out");
        Cli run = Cli.run(
                "dissect",
                "--model",
                SharedData.require("models/squeezenet1_1bn-places365." + form + ".pt"),
                "--layer",
                "fire5",
                "--layer",
                "fire9",
                "--probe",
                SharedData.require("probe"),
                "--out",
                out,
                "--cache",
                folder.resolve("cache"),
                "--channels",
                "BGR",
                "--pixel-scale",
                "1",
                "--mean",
                "105.5,113.0,116.3",
                "--std",
                "255,255,255",
                "--interpolation",
                "receptive-field");
        assertEquals(0, run.code(), run.toString());
        compare(out, "squeezenet1_1bn-places365", "fire5", "receptive-field");
        compare(out, "squeezenet1_1bn-places365", "fire9", "receptive-field");
    }

    private static void compare(Path out, String network, String layer) throws IOException {
        compare(out, network, layer, "half-pixel");
    }

    private static void compare(Path out, String network, String layer, String table) throws IOException {
        Map<String, CSVRecord> ours = Tables.byUnit(out.resolve(layer).resolve("detectors.csv"));
        List<CSVRecord> reference =
                Tables.read(SharedData.require("reference/probe." + network + "." + layer + "." + table + ".csv"));
        assertEquals(reference.size(), ours.size());
        for (CSVRecord expected : reference) {
            CSVRecord actual = Objects.requireNonNull(ours.get(expected.get("unit")), expected.get("unit"));
            for (String category : List.of("color", "object", "part", "scene", "texture")) {
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
