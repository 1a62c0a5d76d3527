package org.netdissect.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.ActivationImages;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.Comparison;
import org.netdissect.align.CountColumns;
import org.netdissect.align.LabelZero;
import org.netdissect.align.MaskFile;
import org.netdissect.align.PixelLabels;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;

/** Draws compared with an explicit permutation of images and pixels counted one by one. */
class NullScoresTest {
    private static final GridSize GRID = new GridSize(4, 5);
    private static final GridSize OTHER = new GridSize(2, 3);
    private static final List<String> CATEGORIES = List.of("object", "part", "scene");
    private static final int LABELS = 9;
    private static final int UNITS = 5;
    private static final int NONE = 3; // the unit without a mask

    @TempDir
    Path folder;

    /** Contents of the probe set: planes, [images][planes][pixels], and the labels that cover each image. */
    private final List<int[][]> planes = new ArrayList<>();

    private final List<int[]> covering = new ArrayList<>();

    @Test
    void equalCountingPixelByPixelByAnyRules() throws IOException {
        int round = 0;
        for (ActivationImages images : ActivationImages.values()) {
            for (PixelLabels pixels : PixelLabels.values()) {
                for (LabelZero zero : LabelZero.values()) {
                    AlignmentRules rules = new AlignmentRules(Comparison.ABOVE, images, pixels, zero);
                    assertEqualsNaive(rules, round, folder.resolve("round" + round));
                    round++;
                }
            }
        }
    }

    private void assertEqualsNaive(AlignmentRules rules, int round, Path place) throws IOException {
        Random random = new Random(round);
        ProbeSet probe = randomProbe(place, random);
        int images = probe.images().size();
        boolean[][][] masks = randomMasks(images, random);
        BaselineSettings settings = new BaselineSettings(20, random.nextLong());
        int[] sample = IntStream.range(0, images)
                .filter(image -> round % 2 == 0 || random.nextInt(4) > 0)
                .toArray();
        BaselineAnalysis.Layer layer = new DrawnLayer(GRID, masks).align(probe, rules, place, 2);
        MaskFile file = layer.masks();
        try (file) {
            List<BitSet> held = new ArrayList<>();
            List<GridSize> grids = new ArrayList<>();
            for (int image : sample) {
                held.add(layer.masks().held(image));
                grids.add(probe.images().get(image).labelSize());
                assertEquals(
                        held(probe, image, rules),
                        held.get(held.size() - 1),
                        "held by image " + image + " by " + rules);
            }
            Pairing pairing = Pairing.of(sample, held, grids, settings.seed());
            Draws draws = Draws.of(pairing, settings);
            CountColumns columns = CountColumns.of(probe.labels(), CATEGORIES.size(), rules);
            PairingCounts part = new PairingCounts(layer, 0, UNITS, columns, pairing, settings);
            new ImagePass(probe, rules, pairing, settings).run(List.of(part), 2, ProgressListener.NONE);
            NullScores scores = new NullScores(pairing, draws, columns, probe.labels(), rules.zero());
            for (int unit = 0; unit < UNITS; unit++) {
                scores.compute(part, unit);
                for (int draw = 0; draw < draws.count(); draw++) {
                    String what = "unit " + unit + ", draw " + draw + " by " + rules;
                    Best best = naive(probe, rules, masks, unit, sample, partners(pairing, draws, draw, images));
                    assertEquals(best.iou(), scores.best()[draw], what);
                    assertEquals(best.label(), scores.label()[draw], what);
                    assertEquals(unit == NONE, best.label() == 0 && best.iou() == 0, what);
                }
                int[] themselves = IntStream.range(0, images).toArray();
                Best own = naive(probe, rules, masks, unit, sample, themselves);
                assertEquals(own.iou(), scores.observedBest(), "unit " + unit + " by " + rules);
                assertEquals(own.label(), scores.observedLabel(), "unit " + unit + " by " + rules);
                if (sample.length == images) {
                    assertEquals(bestOf(layer, unit), own.iou(), "as alignment has it");
                }
            }
        }
    }

    private static double bestOf(BaselineAnalysis.Layer layer, int unit) {
        return layer.scores().units().stream()
                .filter(scores -> scores.unit() == unit)
                .findFirst()
                .orElseThrow()
                .best()
                .iou();
    }

    private record Best(int label, double iou) {}

    /** image whose labels are paired with each image's masks, [images] */
    private static int[] partners(Pairing pairing, Draws draws, int draw, int images) {
        int[] partners = new int[images];
        for (int group = 0; group < pairing.groups().size(); group++) {
            for (int[] block : pairing.groups().get(group).blocks()) {
                for (int place = 0; place < block.length; place++) {
                    int shift = draws.shift(draw, group);
                    partners[block[place]] = block[Pairing.partner(place, block.length, shift)];
                }
            }
        }
        return partners;
    }

    private Best naive(
            ProbeSet probe, AlignmentRules rules, boolean[][][] masks, int unit, int[] sample, int[] partners) {
        long[] truth = new long[LABELS + 1];
        long[] intersect = new long[LABELS + 1];
        long[] activation = new long[CATEGORIES.size()];
        for (int image : sample) {
            GridSize grid = probe.images().get(image).labelSize();
            List<List<Integer>> own = pixels(image, grid, rules);
            own.forEach(pixel -> pixel.forEach(label -> truth[label]++));
            List<List<Integer>> met = pixels(partners[image], grid, rules);
            List<List<Integer>> masked = new ArrayList<>();
            for (int pixel = 0; pixel < met.size(); pixel++) {
                if (masks[image][unit][grid.equals(GRID) ? pixel : 0]) {
                    masked.add(met.get(pixel));
                }
            }
            masked.forEach(pixel -> pixel.forEach(label -> intersect[label]++));
            boolean touched = rules.images() == ActivationImages.TOUCHED;
            for (int category : categories(probe, touched ? masked : met, rules)) {
                activation[category] += masked.size();
            }
        }
        Best best = new Best(0, 0);
        for (int category = 0; category < CATEGORIES.size(); category++) {
            Best own = new Best(0, 0);
            for (int label = 0; label <= LABELS; label++) {
                boolean isZero = label == 0;
                int primary = isZero ? CATEGORIES.size() - 1 : probe.labels().primaryCategory(label);
                if (primary == category && intersect[label] > 0) {
                    long mask = isZero && rules.zero() == LabelZero.TALLIED ? 0 : activation[category];
                    double iou = (double) intersect[label] / (truth[label] + mask - intersect[label]);
                    if (iou > own.iou()) {
                        own = new Best(label, iou);
                    }
                }
            }
            if (own.label() != 0 && own.iou() >= best.iou()) {
                best = own;
            }
        }
        return best;
    }

    private BitSet held(ProbeSet probe, int image, AlignmentRules rules) {
        BitSet held = new BitSet();
        GridSize grid = probe.images().get(image).labelSize();
        categories(probe, pixels(image, grid, rules), rules).forEach(held::set);
        return held;
    }

    private static Set<Integer> categories(ProbeSet probe, List<List<Integer>> pixels, AlignmentRules rules) {
        Set<Integer> categories = new HashSet<>();
        for (List<Integer> pixel : pixels) {
            for (int label : pixel) {
                if (label > 0) {
                    categories.add(probe.labels().primaryCategory(label));
                } else if (rules.zero() == LabelZero.LABEL) {
                    categories.add(CATEGORIES.size() - 1);
                }
            }
        }
        return categories;
    }

    /** labels of each pixel, [pixels], each as often as it counts */
    private List<List<Integer>> pixels(int image, GridSize grid, AlignmentRules rules) {
        List<List<Integer>> pixels = new ArrayList<>();
        for (int pixel = 0; pixel < grid.cells(); pixel++) {
            List<Integer> here = new ArrayList<>();
            for (int label : covering.get(image)) {
                if (label > 0 || rules.zero() != LabelZero.IGNORED) {
                    here.add(label);
                }
            }
            for (int[] plane : planes.get(image)) {
                if (plane[pixel] > 0) {
                    here.add(plane[pixel]);
                }
            }
            pixels.add(
                    rules.pixels() == PixelLabels.ONCE
                            ? here.stream().distinct().toList()
                            : here);
        }
        return pixels;
    }

    private ProbeSet randomProbe(Path place, Random random) throws IOException {
        planes.clear();
        covering.clear();
        TinyProbe probe = TinyProbe.in(place);
        CATEGORIES.forEach(probe::category);
        for (int label = 1; label <= LABELS; label++) {
            probe.label(label, "label" + label, CATEGORIES.get(label % 3), random.nextInt(3));
        }
        int images = 60 + random.nextInt(20);
        for (int image = 0; image < images; image++) {
            GridSize grid = image % 10 == 9 ? OTHER : GRID;
            probe.image("i" + image + ".png", "train", new GridSize(8, 8), image, grid);
            int[][] drawn = new int[random.nextInt(3)][grid.cells()];
            for (int[] plane : drawn) {
                java.util.Arrays.setAll(plane, i -> random.nextInt(3) == 0 ? 0 : random.nextInt(LABELS + 1));
                probe.plane(CATEGORIES.get(random.nextInt(2)), rows(plane, grid));
            }
            planes.add(drawn);
            int[] numbers = new int[random.nextInt(3)];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextInt(LABELS + 1);
                probe.cell("scene", Integer.toString(numbers[i]));
            }
            covering.add(numbers);
        }
        return probe.open();
    }

    private static String[] rows(int[] plane, GridSize grid) {
        String[] rows = new String[grid.height()];
        for (int y = 0; y < rows.length; y++) {
            StringBuilder row = new StringBuilder();
            for (int x = 0; x < grid.width(); x++) {
                row.append(plane[y * grid.width() + x]).append(' ');
            }
            rows[y] = row.toString();
        }
        return rows;
    }

    /** Random masks; on images with another grid they are full or empty, so that resizing does not matter. */
    private static boolean[][][] randomMasks(int images, Random random) {
        boolean[][][] masks = new boolean[images][UNITS][GRID.cells()];
        for (int image = 0; image < images; image++) {
            for (int unit = 0; unit < UNITS; unit++) {
                boolean whole = random.nextBoolean();
                for (int pixel = 0; pixel < GRID.cells(); pixel++) {
                    boolean marked = image % 10 == 9 ? whole : random.nextInt(3) == 0;
                    masks[image][unit][pixel] = unit != NONE && marked;
                }
            }
        }
        return masks;
    }

    @Test
    void everyDrawLeavesNoPairedImageItsOwnLabels() {
        List<BitSet> held = new ArrayList<>();
        List<GridSize> grids = new ArrayList<>();
        for (int image = 0; image < 200; image++) {
            held.add(BitSet.valueOf(new long[] {image < 150 ? 1 : image < 190 ? 2 : image < 193 ? 3 : image}));
            grids.add(GRID);
        }
        Pairing pairing = Pairing.of(held, grids, 5);
        assertEquals(7, pairing.unpaired());
        Draws draws = Draws.of(pairing, new BaselineSettings(50, 5));
        assertEquals(50, draws.count());
        Set<Integer> met = new HashSet<>();
        for (int draw = 0; draw < draws.count(); draw++) {
            int[] partners = partners(pairing, draws, draw, 200);
            Set<Integer> all = new HashSet<>();
            for (int image = 0; image < 200; image++) {
                assertTrue(all.add(partners[image]), "two images meet the labels of one");
                assertEquals(held.get(image), held.get(partners[image]));
                assertEquals(image >= 193, partners[image] == image, "image " + image);
            }
            met.add(partners[0]);
        }
        assertEquals(Pairing.SHIFTS, met.size(), "labels that the first image's masks meet in 50 draws");
    }

    @Test
    void fewArrangementsAreEachDrawnOnce() {
        List<BitSet> held = new ArrayList<>();
        List<GridSize> grids = new ArrayList<>();
        for (int image = 0; image < 9; image++) {
            held.add(BitSet.valueOf(new long[] {image < 3 ? 1 : image < 8 ? 2 : 4}));
            grids.add(GRID);
        }
        Pairing pairing = Pairing.of(held, grids, 1);
        Draws draws = Draws.of(pairing, new BaselineSettings(1000, 1));
        assertEquals(2 * 4, draws.count());
        Set<List<Integer>> different = new HashSet<>();
        for (int draw = 0; draw < draws.count(); draw++) {
            different.add(java.util.Arrays.stream(partners(pairing, draws, draw, 9))
                    .boxed()
                    .toList());
        }
        assertEquals(8, different.size());
        Pairing single = Pairing.of(List.of(new BitSet()), List.of(GRID), 1);
        assertEquals(0, Draws.of(single, new BaselineSettings(1000, 1)).count());
        assertEquals(1, single.unpaired());
    }
}
