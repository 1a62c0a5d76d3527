package org.netdissect.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.LayerScores;
import org.netdissect.align.LeastImages;
import org.netdissect.align.Mask;
import org.netdissect.align.TopImages;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.result.LayerFindings;
import org.netdissect.result.LayerReport;
import org.netdissect.result.VisualizationFolder;

/**
 * Reports on synthetic units: unit u has the label u modulo the number of labels + 1, or none, and an IoU that falls
 * with u.
 */
final class SyntheticReport {
    static final String HOSTILE = "<script>window.hacked=1</script>\"'><img src=x onerror=window.hacked=1>";
    static final String LONG = "a very long name of a concept ".repeat(12).strip();
    /** Labels 1 to 5: two objects, two parts and a scene. */
    static final List<String> NAMES = List.of("zebra", HOSTILE, "leg", LONG, "street-s");

    private static final List<String> CATEGORIES = List.of("object", "part", "scene");
    private static final int[] PRIMARY = {0, 0, 1, 1, 2};
    private static final GridSize GRID = new GridSize(8, 8);

    private final Path folder;
    private final ProbeSet probe;
    private final int images;
    private List<String> notes = List.of();

    /** Works in this folder, with a probe set of {@code images} images. */
    SyntheticReport(Path folder, int images) throws IOException {
        this.folder = folder;
        this.images = images;
        TinyProbe tiny = TinyProbe.in(folder.resolve("probe"));
        CATEGORIES.forEach(tiny::category);
        for (int label = 1; label <= NAMES.size(); label++) {
            String quoted = "\"" + NAMES.get(label - 1).replace("\"", "\"\"") + "\"";
            tiny.label(label, quoted, CATEGORIES.get(PRIMARY[label - 1]), 1);
        }
        for (int image = 0; image < images; image++) {
            tiny.image("i" + image + ".png", "train", picture(image), GRID)
                    .plane("object", rows(1 + image % 2))
                    .plane("part", rows(3 + image % 2))
                    .cell("scene", "5");
        }
        this.probe = tiny.open();
    }

    private static BufferedImage picture(int image) {
        BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                picture.setRGB(x, y, (x * 4) << 16 | (y * 4) << 8 | (image * 40 % 256));
            }
        }
        return picture;
    }

    private static String[] rows(int label) {
        String[] rows = new String[GRID.height()];
        for (int y = 0; y < rows.length; y++) {
            rows[y] = y < 4 ? (label + " ").repeat(GRID.width()).strip() : "0 0 0 0 0 0 0 0";
        }
        return rows;
    }

    ProbeSet probe() {
        return probe;
    }

    /** Layer of {@code units} units, of which every third has no label. Scores fall from {@code best} to 0. */
    LayerFindings layer(String name, int units, double best, int topImages) {
        return layer(name, units, best, topImages, 0);
    }

    LayerFindings layer(String name, int units, double best, int topImages, int leastImages) {
        List<UnitScores> scores = new ArrayList<>();
        List<List<ConceptScore>> rankings = new ArrayList<>();
        TopImages top = new TopImages(units, topImages);
        LeastImages least = new LeastImages(units, leastImages);
        Random random = new Random(units);
        for (int unit = 0; unit < units; unit++) {
            boolean labelled = unit % 3 != 2 && best > 0;
            int label = labelled ? 1 + unit % NAMES.size() : 0;
            List<ConceptScore> categories =
                    new ArrayList<>(List.of(ConceptScore.NONE, ConceptScore.NONE, ConceptScore.NONE));
            int category = labelled ? PRIMARY[label - 1] : -1;
            if (labelled) {
                double iou = best * (units - unit) / units;
                ConceptScore score = new ConceptScore(label, 1000, 500, 100, iou);
                categories.set(category, score);
                ConceptScore second = new ConceptScore(1 + (label + 1) % NAMES.size(), 900, 500, 10, iou / 3);
                rankings.add(List.of(score, second));
            } else {
                rankings.add(List.of());
            }
            scores.add(new UnitScores(unit, 1.25f, categories, category));
            for (int image = 0; image < images; image++) {
                BitSet bits = new BitSet();
                bits.set(random.nextInt(30), 30 + random.nextInt(30));
                float activation = (image * 7 + unit) % images;
                top.add(unit, image, new float[] {activation}, () -> Mask.of(GRID, bits));
                // only the later images exceed 0, as behind a ReLU, and only they have a mask
                float rectified = Math.max(0, image - 2);
                BitSet mask = rectified > 0 ? bits : new BitSet();
                least.add(unit, image, new float[] {rectified}, () -> Mask.of(GRID, mask));
            }
        }
        scores.sort(Comparator.comparingDouble((UnitScores unit) -> -unit.best().iou())
                .thenComparingInt(UnitScores::unit));
        LayerReport report = new LayerReport(
                name, new GridSize(4, 4), new LayerScores(scores), probe.categories(), probe.labels(), 0.04);
        return new LayerFindings(report, rankings, top, least);
    }

    /** Writes the report and returns its page. */
    Path write(String out, LayerFindings... layers) throws IOException {
        return write(out, null, layers);
    }

    /** Writes the report with visualisations and returns its page. */
    Path write(String out, @Nullable VisualizationFolder visualizations, LayerFindings... layers) throws IOException {
        Path run = Files.createDirectories(folder.resolve(out));
        ReportSource source = new ReportSource(
                "net<b>.pt", probe, probe, "probe", "1.0", "top fraction 0.005", List.of("Made up."), visualizations);
        notes = new HtmlReport(run, source, List.of(layers)).write(2, ProgressListener.NONE);
        return new ReportFiles(run).page();
    }

    /** Notes of the last {@link #write}. */
    List<String> notes() {
        return notes;
    }
}
