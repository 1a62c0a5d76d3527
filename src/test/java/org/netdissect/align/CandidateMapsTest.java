package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.BlockPool;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.activation.threshold.SharedScan;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.GridSize;
import org.netdissect.base.Workers;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;

/** The candidates in memory give the same masks, counts and top images as all activations of the layer. */
class CandidateMapsTest {
    private static final GridSize IMAGE = new GridSize(8, 8);
    private static final GridSize GRID = new GridSize(6, 5);
    private static final int BLOCK = 4;
    private static final BlockPool AMPLE = new BlockPool(1L << 28);

    @TempDir
    Path folder;

    private ProbeSet probe(int images, Random random) throws IOException {
        TinyProbe probe = TinyProbe.in(folder.resolve("probe" + images + "-" + random.nextInt()))
                .category("object")
                .label(1, "cat", "object", 2)
                .label(2, "dog", "object", 1);
        for (int image = 0; image < images; image++) {
            String[] rows = new String[GRID.height()];
            for (int y = 0; y < rows.length; y++) {
                StringBuilder row = new StringBuilder();
                for (int x = 0; x < GRID.width(); x++) {
                    row.append(random.nextInt(3)).append(' ');
                }
                rows[y] = row.toString();
            }
            probe.image("i" + image + ".png", "train", IMAGE, 0, GRID).plane("object", rows);
        }
        return probe.open();
    }

    /** Activation of a unit; each unit has a difficult distribution. */
    private static float value(int unit, int image, Random random) {
        return switch (unit % 6) {
            case 0 -> (float) random.nextGaussian();
            case 1 -> Math.max(0, (float) random.nextGaussian() - 1);
            case 2 -> random.nextInt(4); // many ties
            case 3 -> random.nextBoolean() ? 0f : -0f;
            case 4 -> image * 0.01f + random.nextFloat(); // the bound always rises late
            default -> random.nextInt(20) == 0 ? 5 - image * 0.01f : -1; // the bound is final from the first image
        };
    }

    private static List<ActivationBlock> blocks(ActivationShape shape, Random random) {
        List<ActivationBlock> blocks = new ArrayList<>();
        for (int first = 0; first < shape.images(); first += BLOCK) {
            int images = Math.min(BLOCK, shape.images() - first);
            ByteBuffer bytes = ByteBuffer.allocate(images * shape.valuesPerImage() * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int image = first; image < first + images; image++) {
                for (int unit = 0; unit < shape.units(); unit++) {
                    for (int cell = 0; cell < shape.map().cells(); cell++) {
                        bytes.putFloat(value(unit, image, random));
                    }
                }
            }
            blocks.add(ActivationBlock.computed(
                    first, images, shape.units(), shape.map(), Precision.FLOAT32, bytes.flip()));
        }
        return blocks;
    }

    private static List<Thresholds> scan(
            int threads, List<ActivationBlock> blocks, ActivationShape shape, CandidateMaps maps, String... fractions)
            throws IOException {
        List<Quantile> quantiles = new ArrayList<>();
        for (String fraction : fractions) {
            quantiles.add(Quantile.upper(new BigDecimal(fraction)));
        }
        ThresholdSelector selector =
                ThresholdSelector.onePass(shape, quantiles, 1L << 28).orElseThrow();
        SharedScan scan = new SharedScan(Optional.of(selector), shape, Optional.of(maps));
        Workers.run(threads, blocks.size(), () -> task -> scan.accept(blocks.get(task)));
        assertTrue(selector.endPass());
        return selector.all();
    }

    private static CandidateMaps maps(ActivationShape shape, boolean hasGreatest, BlockPool pool) {
        return CandidateMaps.of(shape, 0, hasGreatest, pool).orElseThrow();
    }

    private static AlignmentRules rules(Comparison comparison) {
        return new AlignmentRules(comparison, ActivationImages.HOLDING, PixelLabels.ONCE, LabelZero.IGNORED);
    }

    private static List<CountedTarget> targets(
            ProbeSet probe, Comparison comparison, List<Thresholds> thresholds, int top) {
        List<CountedTarget> targets = new ArrayList<>();
        for (Thresholds each : thresholds) {
            targets.add(CountedTarget.of(probe, 0, each, comparison, new TopImages(each.units(), top)));
        }
        return targets;
    }

    private static Alignment alignment(ProbeSet probe, Comparison comparison, Thresholds... thresholds) {
        return CountedTarget.align(probe, rules(comparison), targets(probe, comparison, List.of(thresholds), 0));
    }

    /** Aligns all activations. */
    private static void align(Alignment alignment, List<ActivationBlock> blocks) throws IOException {
        BlockAligner aligner = alignment.newAligner();
        for (ActivationBlock block : blocks) {
            aligner.begin(block.firstImage(), block.images());
            aligner.align(0, block);
        }
    }

    private static void expectSame(
            List<CountedTarget> expected, List<CountedTarget> actual, ActivationShape shape, String what) {
        for (int target = 0; target < expected.size(); target++) {
            AlignmentCounts one = expected.get(target).counts();
            AlignmentCounts other = actual.get(target).counts();
            for (int label = 0; label < one.labels(); label++) {
                assertEquals(one.truth(label), other.truth(label));
                for (int unit = 0; unit < shape.units(); unit++) {
                    assertEquals(one.intersect(unit, label), other.intersect(unit, label), what + ", unit " + unit);
                }
            }
            for (int unit = 0; unit < shape.units(); unit++) {
                assertEquals(one.activation(unit, 0), other.activation(unit, 0), what + ", unit " + unit);
            }
        }
    }

    private static void expectSame(TopImages expected, TopImages actual, int units, String what) {
        for (int unit = 0; unit < units; unit++) {
            List<TopImages.Entry> one = expected.of(unit);
            List<TopImages.Entry> other = actual.of(unit);
            assertEquals(one.size(), other.size(), what);
            for (int i = 0; i < one.size(); i++) {
                String place = what + ", unit " + unit + ", place " + i;
                assertEquals(one.get(i).image(), other.get(i).image(), place);
                assertEquals(
                        Float.floatToRawIntBits(one.get(i).activation()),
                        Float.floatToRawIntBits(other.get(i).activation()),
                        place);
                assertEquals(one.get(i).mask().bits(), other.get(i).mask().bits(), place);
            }
        }
    }

    @Test
    void masksCountsAndBestImagesAreThoseOfAllActivations() throws IOException {
        // images, units, height and width of maps, top fraction; the last cases keep so many candidates that these are
        // scanned
        Object[][] cases = {
            {1, 1, 1, 1, "0.005"},
            {1, 6, 5, 7, "0.005"},
            {40, 20, 1, 1, "0.1"},
            {60, 6, 7, 7, "0.005"},
            {90, 18, 1, 9, "0.05"},
            {90, 6, 9, 1, "0.05"},
            {90, 33, 13, 12, "0.02"},
            {800, 6, 16, 16, "0.3"},
            {500, 12, 20, 20, "0.2"},
        };
        for (Object[] each : cases) {
            Random random = new Random(each.length + (int) each[0]);
            ActivationShape shape =
                    new ActivationShape((int) each[0], (int) each[1], new GridSize((int) each[2], (int) each[3]));
            List<ActivationBlock> blocks = blocks(shape, random);
            ProbeSet probe = probe(shape.images(), random);
            for (int top : new int[] {0, 3}) {
                List<ActivationBlock> order = new ArrayList<>(blocks);
                Collections.shuffle(order, random);
                CandidateMaps maps = maps(shape, top > 0, AMPLE);
                List<Thresholds> thresholds = scan(2, order, shape, maps, (String) each[4], "0.001");
                List<CountedTarget> all = targets(probe, Comparison.ABOVE, thresholds, top);
                align(CountedTarget.align(probe, rules(Comparison.ABOVE), all), blocks);
                List<CountedTarget> covered = targets(probe, Comparison.ABOVE, thresholds, top);
                Alignment actual = CountedTarget.align(probe, rules(Comparison.ABOVE), covered);
                assertTrue(actual.isCoveredBy(maps, 0), shape.toString());
                actual.run(List.of(maps.alone()), 2, (done, images) -> {});
                expectSame(all, covered, shape, shape.toString());
                for (int i = 0; i < all.size(); i++) {
                    expectSame(all.get(i).top(), covered.get(i).top(), shape.units(), shape.toString());
                }
            }
        }
    }

    /** Images that activate a unit least have no cell above the bound, and are found by their greatest value alone. */
    @Test
    void leastImagesAreThoseOfAllActivations() throws IOException {
        for (int images : new int[] {1, 7, 300}) {
            Random random = new Random(images);
            ActivationShape shape = new ActivationShape(images, 12, new GridSize(4, 5));
            List<ActivationBlock> blocks = blocks(shape, random);
            ProbeSet probe = probe(images, random);
            CandidateMaps maps = maps(shape, true, AMPLE);
            Thresholds thresholds = scan(2, blocks, shape, maps, "0.02").get(0);
            for (int most : new int[] {1, 5, 400}) {
                for (int threads : new int[] {1, 3}) {
                    LeastImages all = new LeastImages(shape.units(), most);
                    align(leastOnly(probe, thresholds, all), blocks);
                    LeastImages covered = new LeastImages(shape.units(), most);
                    Alignment actual = leastOnly(probe, thresholds, covered);
                    assertTrue(actual.isCoveredBy(maps, 0));
                    actual.run(List.of(maps.alone()), threads, (done, of) -> {});
                    for (int unit = 0; unit < shape.units(); unit++) {
                        assertEquals(described(naiveLeast(blocks, unit, most)), described(images(all.of(unit))));
                        assertEquals(described(all.of(unit)), described(covered.of(unit)));
                        assertEquals(all.tied(unit), covered.tied(unit));
                    }
                }
            }
        }
    }

    private static Alignment leastOnly(ProbeSet probe, Thresholds thresholds, LeastImages least) {
        MaskRule rule = new MaskRule(thresholds, NodePlacement.HALF_PIXEL, Comparison.ABOVE);
        Alignment.Target target = new Alignment.Target(0, false, rule, List.of(least));
        return new Alignment(probe, rules(Comparison.ABOVE), List.of(target));
    }

    private static List<Integer> images(List<TopImages.Entry> entries) {
        return entries.stream().map(TopImages.Entry::image).toList();
    }

    private static List<Integer> naiveLeast(List<ActivationBlock> blocks, int unit, int most) {
        Map<Integer, Float> greatest = new HashMap<>();
        for (ActivationBlock block : blocks) {
            float[] map = new float[block.map().cells()];
            for (int i = 0; i < block.images(); i++) {
                block.read(i, unit, map);
                float[] sorted = map.clone();
                Arrays.sort(sorted);
                greatest.put(block.firstImage() + i, sorted[sorted.length - 1] + 0f);
            }
        }
        return greatest.keySet().stream()
                .sorted(Comparator.comparing((Integer image) -> greatest.get(image))
                        .thenComparing(image -> image))
                .limit(most)
                .toList();
    }

    private static String described(List<?> entries) {
        return entries.stream()
                .map(entry -> entry instanceof TopImages.Entry image
                        ? image.image() + " " + image.activation() + " "
                                + image.mask().bits()
                        : entry.toString())
                .toList()
                .toString();
    }

    @Test
    void mapsAreRefusedWhereTheyMayLackCells() throws IOException {
        ActivationShape shape = new ActivationShape(200, 2, new GridSize(6, 6));
        Random random = new Random(5);
        List<ActivationBlock> blocks = blocks(shape, random);
        ProbeSet probe = probe(shape.images(), random);
        CandidateMaps maps = maps(shape, false, AMPLE);
        Thresholds found = scan(1, blocks, shape, maps, "0.01").get(0);
        assertTrue(alignment(probe, Comparison.ABOVE, found).isCoveredBy(maps, 0));
        Thresholds lower = new Thresholds(new float[] {found.of(0), found.of(1) - 0.5f});
        assertFalse(alignment(probe, Comparison.ABOVE, found, lower).isCoveredBy(maps, 0));

        List<CountedTarget> covered = targets(probe, Comparison.AT_LEAST, List.of(found), 0);
        Alignment atLeast = CountedTarget.align(probe, rules(Comparison.AT_LEAST), covered);
        assertTrue(atLeast.isCoveredBy(maps, 0), "no bound has come up to a threshold");
        atLeast.run(List.of(maps.alone()), 1, (done, images) -> {});
        List<CountedTarget> all = targets(probe, Comparison.AT_LEAST, List.of(found), 0);
        align(CountedTarget.align(probe, rules(Comparison.AT_LEAST), all), blocks);
        expectSame(all, covered, shape, "at least");

        assertFalse(leastOnly(probe, found, new LeastImages(2, 1)).isCoveredBy(maps, 0), "greatest values are missing");

        CandidateMaps cramped = maps(shape, false, new BlockPool(0));
        scan(1, blocks, shape, cramped, "0.01");
        assertFalse(alignment(probe, Comparison.ABOVE, found).isCoveredBy(cramped, 0));

        CandidateMaps lacking = maps(shape, false, AMPLE);
        scan(1, blocks.subList(1, blocks.size()), shape, lacking, "0.01");
        assertFalse(alignment(probe, Comparison.ABOVE, found).isCoveredBy(lacking, 0));
    }
}
