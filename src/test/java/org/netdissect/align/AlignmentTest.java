package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.cache.LayerWriter;
import org.netdissect.activation.cache.SpanWriter;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.Cell;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.labels.LabelTable;

class AlignmentTest {
    private static final GridSize IMAGE = new GridSize(8, 8);
    private static final List<String> CATEGORIES = List.of("object", "part", "scene");

    @TempDir
    Path folder;

    private CachedLayer store(String name, float[][][] activations, GridSize map) throws IOException {
        int units = activations[0].length;
        ActivationShape shape = new ActivationShape(activations.length, units, map);
        CacheIdentity identity = new CacheIdentity(new TreeMap<>(Map.of("model", name)));
        try (ActivationCache cache = ActivationCache.open(folder.resolve("cache"), identity);
                LayerWriter writer = cache.writer(name, shape, Precision.FLOAT32)) {
            SpanWriter span = writer.span(0, activations.length);
            for (int image = 0; image < activations.length; image++) {
                ByteBuffer bytes = ByteBuffer.allocateDirect(units * map.cells() * Float.BYTES)
                        .order(ByteOrder.nativeOrder());
                for (int unit = 0; unit < units; unit++) {
                    bytes.asFloatBuffer().put(unit * map.cells(), activations[image][unit]);
                }
                span.write(ActivationBlock.computed(image, 1, units, map, Precision.FLOAT32, bytes));
            }
            writer.append(span.end());
            return writer.finish();
        }
    }

    /**
     * Two units with 2x2 maps and 2x2 labels, so that masks need no resizing and every number can be checked by eye.
     */
    @Test
    void countsByHand() throws IOException {
        GridSize two = new GridSize(2, 2);
        ProbeSet probe = TinyProbe.in(folder.resolve("probe"))
                .category("object")
                .category("scene")
                .label(1, "cat", "object", 2)
                .label(2, "dog", "object", 1)
                .label(3, "street-s", "scene", 1)
                .image("a.png", "train", IMAGE, 0x102030, two)
                .plane("object", "1 1", "0 2")
                .plane("object", "1 2", "0 0")
                .cell("scene", "3")
                .image("b.png", "train", IMAGE, 0x102030, two)
                .plane("object", "0 0", "0 0")
                .image("c.png", "train", IMAGE, 0x102030, two)
                .plane("object", "2 0", "0 0")
                .open();
        float[][][] activations = {
            {{9, 9, 0, 0}, {0, 0, 0, 0}}, {{9, 9, 9, 9}, {9, 0, 0, 0}}, {{0, 0, 0, 9}, {9, 0, 0, 0}},
        };
        AlignmentCounts counts = run(probe, List.of(store("m", activations, two)), new float[][] {{5, 5}}, 1)
                .get(0);
        assertEquals(2, counts.truth(1), "the cat of both planes counts once a pixel");
        assertEquals(3, counts.truth(2));
        assertEquals(4, counts.truth(3), "a scene covers the image");
        assertEquals(2, counts.intersect(0, 1));
        assertEquals(1, counts.intersect(0, 2));
        assertEquals(2, counts.intersect(0, 3));
        assertEquals(0, counts.intersect(1, 1));
        assertEquals(1, counts.intersect(1, 2));
        assertEquals(3, counts.activation(0, 0), "image b holds no object");
        assertEquals(2, counts.activation(0, 1));
        assertEquals(1, counts.activation(1, 0));
        assertEquals(0, counts.activation(1, 1));

        LayerScores scores = LayerScores.of(counts, probe.labels(), new Thresholds(new float[] {5, 5}));
        UnitScores first = scores.units().get(0);
        assertEquals(0, first.unit());
        assertEquals(new ConceptScore(1, 2, 3, 2, 2 / 3.0), first.best(), "cat 2/3 beats street 2/4");
    }

    @Test
    void equalsCountingPixelByPixelForAnyThreads() throws IOException {
        for (int round = 0; round < 6; round++) {
            Random random = new Random(round);
            ProbeSet probe = randomProbe(folder.resolve("probe" + round), random);
            List<CachedLayer> layers = new ArrayList<>();
            List<float[][][]> activations = new ArrayList<>();
            List<GridSize> maps = List.of(new GridSize(3, 4), new GridSize(1, 1), new GridSize(9, 7));
            float[][] thresholds = new float[maps.size()][];
            for (int i = 0; i < maps.size(); i++) {
                float[][][] values = randomActivations(probe.images().size(), 1 + i * 2, maps.get(i), random);
                activations.add(values);
                layers.add(store("layer" + round + "-" + i, values, maps.get(i)));
                thresholds[i] = new float[values[0].length];
                java.util.Arrays.fill(thresholds[i], 0.7f);
            }
            for (int threads : new int[] {1, 2, 8}) {
                for (AlignmentRules rules : threads == 2 ? rules() : List.of(AlignmentRules.PAPER)) {
                    List<AlignmentCounts> counts = run(probe, rules, layers, thresholds, threads);
                    for (int i = 0; i < maps.size(); i++) {
                        assertEqualsNaive(probe, rules, activations.get(i), maps.get(i), 0.7f, counts.get(i));
                    }
                }
            }
            for (CachedLayer layer : layers) {
                layer.close();
            }
        }
    }

    /** The paper's rules, each other value alone, and the rules of NetDissect-Lite. */
    private static List<AlignmentRules> rules() {
        Comparison above = Comparison.ABOVE;
        ActivationImages holding = ActivationImages.HOLDING;
        return List.of(
                AlignmentRules.PAPER,
                new AlignmentRules(Comparison.AT_LEAST, holding, PixelLabels.ONCE, LabelZero.IGNORED),
                new AlignmentRules(above, ActivationImages.TOUCHED, PixelLabels.ONCE, LabelZero.IGNORED),
                new AlignmentRules(above, holding, PixelLabels.EACH_PLANE, LabelZero.IGNORED),
                new AlignmentRules(above, holding, PixelLabels.ONCE, LabelZero.TALLIED),
                new AlignmentRules(above, holding, PixelLabels.ONCE, LabelZero.LABEL),
                new AlignmentRules(above, ActivationImages.TOUCHED, PixelLabels.EACH_PLANE, LabelZero.LABEL));
    }

    private static List<AlignmentCounts> run(
            ProbeSet probe, List<CachedLayer> layers, float[][] thresholds, int threads) throws IOException {
        return run(probe, AlignmentRules.PAPER, layers, thresholds, threads);
    }

    private static List<AlignmentCounts> run(
            ProbeSet probe, AlignmentRules rules, List<CachedLayer> layers, float[][] thresholds, int threads)
            throws IOException {
        List<CountedTarget> targets = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Thresholds own = new Thresholds(thresholds[i]);
            targets.add(CountedTarget.of(probe, i, own, rules.comparison(), new TopImages(own.units(), 3)));
        }
        CountedTarget.align(probe, rules, targets).run(layers, threads, ProgressListener.NONE);
        return targets.stream().map(CountedTarget::counts).toList();
    }

    private static ProbeSet randomProbe(Path folder, Random random) throws IOException {
        TinyProbe probe = TinyProbe.in(folder);
        CATEGORIES.forEach(probe::category);
        for (int label = 1; label <= 9; label++) {
            probe.label(label, "label" + label, CATEGORIES.get(label % 3), random.nextInt(3));
        }
        probe.coverage(4, "part", 99);
        int images = 1 + random.nextInt(40);
        for (int image = 0; image < images; image++) {
            GridSize grid = image % 7 == 6 ? new GridSize(3, 2) : new GridSize(5, 6);
            probe.image("i" + image + ".png", "train", IMAGE, image, grid);
            for (int plane = random.nextInt(3); plane > 0; plane--) {
                probe.plane(CATEGORIES.get(random.nextInt(2)), randomGrid(grid, random));
            }
            if (random.nextBoolean()) {
                probe.cell("scene", Integer.toString(random.nextInt(10)));
            }
        }
        probe.image("last.png", "train", IMAGE, 0, new GridSize(1, 1)).cell("scene", "6");
        probe.image("zero.png", "train", IMAGE, 0, new GridSize(2, 1)).cell("scene", "0");
        return probe.open();
    }

    private static String[] randomGrid(GridSize grid, Random random) {
        String[] rows = new String[grid.height()];
        for (int y = 0; y < rows.length; y++) {
            StringBuilder row = new StringBuilder();
            for (int x = 0; x < grid.width(); x++) {
                row.append(random.nextInt(3) == 0 ? 0 : random.nextInt(10)).append(' ');
            }
            rows[y] = row.toString();
        }
        return rows;
    }

    private static float[][][] randomActivations(int images, int units, GridSize map, Random random) {
        float[][][] values = new float[images][units][map.cells()];
        for (float[][] image : values) {
            for (float[] unit : image) {
                for (int i = 0; i < unit.length; i++) {
                    unit[i] = random.nextInt(4) == 0 ? 0.7f : (float) random.nextGaussian();
                }
            }
        }
        return values;
    }

    /** Compares with a count pixel by pixel, by the definitions of docs/method.md, directly from cells and PNGs. */
    private static void assertEqualsNaive(
            ProbeSet probe,
            AlignmentRules rules,
            float[][][] activations,
            GridSize map,
            float threshold,
            AlignmentCounts counts)
            throws IOException {
        LabelTable table = probe.labels();
        int units = activations[0].length;
        long[] truth = new long[table.size()];
        long[][] intersect = new long[units][table.size()];
        long[][] activation = new long[units][CATEGORIES.size()];
        for (int i = 0; i < probe.images().size(); i++) {
            ProbeImage image = probe.images().get(i);
            List<List<Integer>> labels = labels(probe, image, rules);
            for (List<Integer> pixel : labels) {
                pixel.forEach(label -> truth[label]++);
            }
            for (int unit = 0; unit < units; unit++) {
                List<List<Integer>> masked = new ArrayList<>();
                for (int pixel = 0; pixel < labels.size(); pixel++) {
                    double value = value(activations[i][unit], map, image.labelSize(), pixel);
                    if (value > threshold || (rules.comparison() == Comparison.AT_LEAST && value == threshold)) {
                        masked.add(labels.get(pixel));
                    }
                }
                for (List<Integer> pixel : masked) {
                    for (int label : pixel) {
                        intersect[unit][label]++;
                    }
                }
                boolean touched = rules.images() == ActivationImages.TOUCHED;
                for (int category : categories(touched ? masked : labels, table, rules)) {
                    activation[unit][category] += masked.size();
                }
            }
        }
        for (int label = 0; label < table.size(); label++) {
            assertEquals(truth[label], counts.truth(label), "truth of " + label + " by " + rules);
            for (int unit = 0; unit < units; unit++) {
                assertEquals(
                        intersect[unit][label], counts.intersect(unit, label), unit + " and " + label + " by " + rules);
            }
        }
        for (int unit = 0; unit < units; unit++) {
            for (int category = 0; category < CATEGORIES.size(); category++) {
                assertEquals(
                        activation[unit][category],
                        counts.activation(unit, category),
                        "activation of " + unit + " by " + rules);
            }
        }
        assertEquals(rules.zero() != LabelZero.IGNORED, counts.truth(0) > 0, "unlabelled");
    }

    private static Set<Integer> categories(List<List<Integer>> pixels, LabelTable table, AlignmentRules rules) {
        Set<Integer> categories = new HashSet<>();
        for (List<Integer> pixel : pixels) {
            for (int label : pixel) {
                if (label > 0) {
                    categories.add(table.primaryCategory(label));
                } else if (rules.zero() == LabelZero.LABEL) {
                    categories.add(CATEGORIES.size() - 1);
                }
            }
        }
        return categories;
    }

    /** labels of each pixel, [pixels], each as often as it counts there */
    private static List<List<Integer>> labels(ProbeSet probe, ProbeImage image, AlignmentRules rules)
            throws IOException {
        List<List<Integer>> labels = new ArrayList<>();
        for (int pixel = 0; pixel < image.labelSize().cells(); pixel++) {
            List<Integer> here = new ArrayList<>();
            for (List<Cell> cells : image.cells()) {
                for (Cell cell : cells) {
                    int number = number(probe, image, cell, pixel);
                    boolean counts = number > 0 || (cell instanceof Cell.Scalar && rules.zero() != LabelZero.IGNORED);
                    if (counts && (rules.pixels() == PixelLabels.EACH_PLANE || !here.contains(number))) {
                        here.add(number);
                    }
                }
            }
            labels.add(here);
        }
        return labels;
    }

    private static int number(ProbeSet probe, ProbeImage image, Cell cell, int pixel) throws IOException {
        if (cell instanceof Cell.Plane plane) {
            Path file = probe.folder().resolve("images").resolve(plane.file());
            int width = image.labelSize().width();
            int rgb = javax.imageio.ImageIO.read(file.toFile()).getRGB(pixel % width, pixel / width);
            return (rgb >> 16 & 0xff) + 256 * (rgb >> 8 & 0xff);
        }
        return ((Cell.Scalar) cell).number();
    }

    private static double value(float[] map, GridSize size, GridSize grid, int pixel) {
        int row = pixel / grid.width();
        double v = (row + 0.5) * size.height() / grid.height() - 0.5;
        double u = (pixel % grid.width() + 0.5) * size.width() / grid.width() - 0.5;
        v = Math.min(Math.max(v, 0), size.height() - 1);
        u = Math.min(Math.max(u, 0), size.width() - 1);
        int y = (int) v;
        int x = (int) u;
        int y1 = Math.min(y + 1, size.height() - 1);
        int x1 = Math.min(x + 1, size.width() - 1);
        double a = map[y * size.width() + x];
        double b = map[y * size.width() + x1];
        double c = map[y1 * size.width() + x];
        double d = map[y1 * size.width() + x1];
        double top = a + (u - x) * (b - a);
        double bottom = c + (u - x) * (d - c);
        return top + (v - y) * (bottom - top);
    }

    /** Masks of several thresholds from one source, with another source between them. */
    @Test
    void targetsOfOneSourceCountAsTheyDoAlone() throws IOException {
        Random random = new Random(5);
        ProbeSet probe = randomProbe(folder.resolve("shared"), random);
        GridSize map = new GridSize(4, 3);
        float[][][] first = randomActivations(probe.images().size(), 3, map, random);
        float[][][] second = randomActivations(probe.images().size(), 3, map, random);
        int[] sources = {0, 1, 0, 0};
        float[] thresholds = {0.7f, 0.2f, 0f, 1.5f};
        try (CachedLayer one = store("one", first, map);
                CachedLayer two = store("two", second, map)) {
            List<CountedTarget> targets = new ArrayList<>();
            for (int i = 0; i < sources.length; i++) {
                Thresholds bounds = new Thresholds(new float[] {thresholds[i], thresholds[i], thresholds[i]});
                targets.add(CountedTarget.of(probe, sources[i], bounds, Comparison.ABOVE, new TopImages(3, 2)));
            }
            CountedTarget.align(probe, AlignmentRules.PAPER, targets).run(List.of(one, two), 2, ProgressListener.NONE);
            for (int i = 0; i < sources.length; i++) {
                assertEqualsNaive(
                        probe,
                        AlignmentRules.PAPER,
                        sources[i] == 0 ? first : second,
                        map,
                        thresholds[i],
                        targets.get(i).counts());
            }
        }
    }

    @Test
    void progressReachesTheEnd() throws IOException {
        ProbeSet probe = randomProbe(folder.resolve("p"), new Random(1));
        GridSize map = new GridSize(2, 2);
        float[][][] values = randomActivations(probe.images().size(), 2, map, new Random(1));
        List<Long> heard = new ArrayList<>();
        try (CachedLayer layer = store("m", values, map)) {
            Thresholds zero = new Thresholds(new float[] {0, 0});
            MaskRule rule = new MaskRule(zero, NodePlacement.ALIGN_CORNERS, Comparison.ABOVE);
            Alignment.Target target = new Alignment.Target(0, false, rule, List.of());
            new Alignment(probe, AlignmentRules.PAPER, List.of(target))
                    .run(List.of(layer), 1, (done, total) -> heard.add(done));
        }
        assertTrue(heard.contains((long) probe.images().size()));
    }
}
