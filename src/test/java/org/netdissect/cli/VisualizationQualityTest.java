package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.SharedData;
import org.netdissect.result.VisualizationFolder;
import org.netdissect.result.VisualizationTable;
import org.netdissect.result.Visualized;

/**
 * Images of a real layer are good by the checks of design/visualize.md 5, which order images as eyes do: above the best
 * probe image, robust to moves that the ascent has not seen, and with a natural spectrum.
 */
class VisualizationQualityTest {
    private static final String LAYER = "fire9";
    private static final int UNITS = 512;

    @TempDir
    Path folder;

    /** Images of every n-th unit. */
    private List<Visualized> visualize(String transforms, int every) throws IOException {
        Path out = folder.resolve(transforms);
        String units = IntStream.range(0, UNITS / every)
                .mapToObj(i -> Integer.toString(i * every))
                .collect(Collectors.joining(","));
        Cli run = Cli.run(
                "visualize",
                "--model",
                SharedData.require("models/squeezenet1_1bn-places365.traced.pt"),
                "--channels",
                "BGR",
                "--pixel-scale",
                "1",
                "--mean",
                "105.5,113,116.3",
                "--std",
                "255,255,255",
                "--layer",
                LAYER,
                "--units",
                units,
                "--transforms",
                transforms,
                "--probe",
                SharedData.require("probe"),
                "--probe-images",
                "150",
                "--out",
                out);
        assertEquals(0, run.code(), run.toString());
        Path layer = new VisualizationFolder(out).layer(LAYER);
        List<Visualized> rows = VisualizationTable.read(layer.resolve(VisualizationTable.NAME));
        assertEquals(UNITS / every, rows.size());
        return rows;
    }

    private static double value(@Nullable Double number) {
        return Objects.requireNonNull(number);
    }

    private static double median(List<Visualized> rows, ToDoubleFunction<Visualized> number) {
        double[] sorted = rows.stream().mapToDouble(number).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @Test
    void imagesOfAStandardRunAreGood() throws IOException {
        List<Visualized> standard = visualize("standard", 16);
        for (Visualized row : standard) {
            assertEquals(Visualized.State.MOVED, row.state(), "its rectifiers leak, so that no unit is dead: " + row);
        }
        double above = standard.stream()
                .filter(row -> value(row.end()) > value(row.probeBest()))
                .count();
        assertTrue(above / standard.size() >= .95, () -> above + " of " + standard.size());
        double first = median(standard, row -> value(row.firstUnderMoves()));
        assertTrue(first >= .7, () -> "first under moves: " + first);
        double spectrum = median(standard, row -> value(row.spectrumDistance()));
        assertTrue(spectrum <= 1.67, () -> "spectrum: " + spectrum);

        List<Visualized> still = visualize("none", 32);
        Map<String, Visualized> moved = standard.stream().collect(Collectors.toMap(Visualized::image, row -> row));
        double gain = median(
                still,
                row -> value(Objects.requireNonNull(moved.get(row.image())).underMoves()) / value(row.underMoves()));
        assertTrue(gain >= 2, () -> "under moves, against the same without transforms: " + gain);
        double raw = median(
                still,
                row -> value(Objects.requireNonNull(moved.get(row.image())).end()) / value(row.end()));
        assertTrue(raw < 1, () -> "the raw objective prefers images without transforms: " + raw);
    }
}
