package org.netdissect.activation.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;

class ThresholdSelectorTest {
    /** Threshold by the definition: the value at 0-based rank floor(q * N) in descending order. */
    private static float naive(float[][] maps, BigDecimal q) {
        float[] all = new float[maps.length * maps[0].length];
        for (int i = 0; i < maps.length; i++) {
            System.arraycopy(maps[i], 0, all, i * maps[0].length, maps[0].length);
        }
        Arrays.sort(all);
        int rank = (int) Quantile.rank(q, all.length);
        return all[all.length - 1 - rank] + 0.0f;
    }

    private static float[][] maps(int images, int cells, IntToDoubleFunction value) {
        float[][] maps = new float[images][cells];
        for (int i = 0; i < images * cells; i++) {
            maps[i / cells][i % cells] = (float) value.applyAsDouble(i);
        }
        return maps;
    }

    private static void compare(String what, int images, int cells, BigDecimal q, IntToDoubleFunction value) {
        float[][] maps = maps(images, cells, value);
        float expected = naive(maps, q);
        int rank = (int) Quantile.rank(q, (long) images * cells);
        for (ThresholdSelector selector : List.of(new TopValues(2, rank), new RadixSelector(2, rank))) {
            do {
                for (float[] map : maps) {
                    selector.add(1, map, cells);
                    selector.add(0, new float[cells], cells);
                }
            } while (!selector.endPass());
            String where = what + " " + selector.getClass().getSimpleName() + " " + images + "x" + cells + " q=" + q;
            assertEquals(expected, selector.thresholds().of(1), where);
            assertEquals(0f, selector.thresholds().of(0), where);
        }
    }

    private interface KindTest {
        void run(String kind, IntToDoubleFunction value);
    }

    /** Runs a test with random and with difficult values by position. */
    private static void eachKind(Random random, KindTest test) {
        test.run("normal", i -> random.nextGaussian());
        test.run("relu", i -> Math.max(0, random.nextGaussian() - 2));
        test.run("ties", i -> random.nextInt(3) - 1);
        test.run("constant", i -> -3.25);
        test.run("rising", i -> i);
        test.run("falling", i -> -i);
        test.run("zeros of both signs", i -> random.nextBoolean() ? 0.0 : -0.0);
        test.run("tiny", i -> Float.MIN_VALUE * (random.nextInt(9) - 4));
        test.run("huge", i -> Float.MAX_VALUE * (random.nextDouble() * 2 - 1));
    }

    @Test
    void bothSelectorsEqualSortingOnRandomAndNastyValues() {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            int images = 1 + random.nextInt(40);
            int cells = 1 + random.nextInt(30);
            for (String q : List.of("0.005", "0.01", "0.1", "0.5", "0.999", "0.000001")) {
                BigDecimal fraction = new BigDecimal(q);
                eachKind(random, (kind, value) -> compare(kind, images, cells, fraction, value));
            }
        }
    }

    /** Threshold by the definition, for either tail. */
    private static float naive(float[][] maps, Quantile quantile) {
        if (quantile.tail() == Tail.UPPER) {
            return naive(maps, quantile.fraction());
        }
        float[] all = new float[maps.length * maps[0].length];
        for (int i = 0; i < maps.length; i++) {
            System.arraycopy(maps[i], 0, all, i * maps[0].length, maps[0].length);
        }
        Arrays.sort(all);
        return all[(int) Quantile.rank(quantile.fraction(), all.length)] + 0.0f;
    }

    private static void give(ThresholdSelector selector, float[][] maps) {
        do {
            for (float[] map : maps) {
                // a selector may change its argument
                selector.add(1, map.clone(), map.length);
                selector.add(0, new float[map.length], map.length);
            }
        } while (!selector.endPass());
    }

    private static List<Quantile> quantiles(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.startsWith("-")
                        ? new Quantile(Tail.LOWER, new BigDecimal(text.substring(1)))
                        : Quantile.upper(new BigDecimal(text)))
                .toList();
    }

    @Test
    void severalQuantilesOfBothTailsEqualSorting() {
        Random random = new Random(19);
        List<Quantile> quantiles = quantiles("0.01", "-0.3", "0.5", "-0", "0.000001", "-0.9", "-0.005", "0.2");
        for (int round = 0; round < 25; round++) {
            int images = 1 + random.nextInt(40);
            int cells = 1 + random.nextInt(30);
            ActivationShape shape = new ActivationShape(images, 2, new GridSize(1, cells));
            eachKind(random, (kind, value) -> {
                float[][] maps = maps(images, cells, value);
                for (ThresholdSelector selector : List.of(
                        ThresholdSelector.onePass(shape, quantiles, Long.MAX_VALUE)
                                .orElseThrow(),
                        ThresholdSelector.threePasses(shape, quantiles))) {
                    give(selector, maps);
                    List<Thresholds> all = selector.all();
                    for (int i = 0; i < quantiles.size(); i++) {
                        String where = kind + " " + images + "x" + cells + " " + quantiles.get(i);
                        assertEquals(naive(maps, quantiles.get(i)), all.get(i).of(1), where);
                        assertEquals(0f, all.get(i).of(0), where);
                    }
                }
            });
        }
    }

    /** Whether any value is beyond a threshold is decided by the sketched extreme, which must be exact. */
    @Test
    void aSketchKnowsWhichTailsAreTied() {
        Random random = new Random(23);
        List<Quantile> quantiles = quantiles("0.5", "-0.01", "-0.5", "-0", "0.01");
        for (int round = 0; round < 40; round++) {
            int images = 1 + random.nextInt(60);
            int cells = 1 + random.nextInt(30);
            ActivationShape shape = new ActivationShape(images, 2, new GridSize(1, cells));
            eachKind(random, (kind, value) -> {
                float[][] maps = maps(images, cells, value);
                ThresholdSelector sketch = ThresholdSelector.sketch(shape, quantiles, 40_000);
                give(sketch, maps);
                List<Thresholds> all = sketch.all();
                for (int i = 0; i < quantiles.size(); i++) {
                    float found = all.get(i).of(1);
                    float exact = naive(maps, quantiles.get(i));
                    boolean isLower = quantiles.get(i).tail() == Tail.LOWER;
                    String where = kind + " " + quantiles.get(i) + ": " + found + " for " + exact;
                    assertTrue(isLower ? found <= exact : found >= exact, where);
                    boolean beyond = Arrays.stream(maps).anyMatch(map -> anyBelow(map, found));
                    if (isLower) {
                        assertEquals(beyond, all.get(3).of(1) < found, where);
                    }
                }
            });
        }
    }

    private static boolean anyBelow(float[] map, float bound) {
        for (float value : map) {
            if (value < bound) {
                return true;
            }
        }
        return false;
    }

    @Test
    void bothTailsNeedTheMemoryOfBoth() {
        ActivationShape shape = new ActivationShape(1000, 64, new GridSize(10, 10));
        long one = ThresholdSelector.bytes(shape, quantiles("0.005"));
        assertEquals(one, ThresholdSelector.bytes(shape, quantiles("0.001", "0.005")), "the greatest gives the others");
        List<Quantile> both = quantiles("0.005", "-0.005", "-0");
        assertEquals(2 * one, ThresholdSelector.bytes(shape, both));
        assertTrue(ThresholdSelector.onePass(shape, both, 2 * one).isPresent());
        assertTrue(ThresholdSelector.onePass(shape, both, 2 * one - 1).isEmpty());
    }

    /** Compares a unit's sketched threshold with its error bound and the exact threshold. */
    private static void compareSketch(String what, int images, int cells, BigDecimal q, IntToDoubleFunction value) {
        float[][] maps = maps(images, cells, value);
        long all = (long) images * cells;
        float exact = naive(maps, q);
        for (long memory : new long[] {8_300, 100_000, 10_000_000}) {
            TailSketch sketch = new TailSketch(1, all, memory, Quantile.rank(q, all));
            TailSketch backwards = new TailSketch(1, all, memory, Quantile.rank(q, all));
            for (int i = 0; i < images; i++) {
                sketch.add(0, maps[i], cells);
                backwards.add(0, maps[images - 1 - i], cells);
            }
            assertTrue(sketch.endPass());
            Thresholds thresholds = sketch.thresholds();
            float threshold = thresholds.of(0);
            String where = what + " " + images + "x" + cells + " q=" + q + " memory=" + memory;
            assertTrue(threshold >= exact, where + ": " + threshold + " below " + exact);
            assertEquals(
                    Float.floatToIntBits(threshold),
                    Float.floatToIntBits(backwards.thresholds().of(0)),
                    where);
            assertEquals(thresholds.rankError(), backwards.thresholds().rankError(), where);
            long greater = 0;
            for (float[] map : maps) {
                for (float cell : map) {
                    greater += cell > threshold ? 1 : 0;
                }
            }
            long off = Quantile.rank(q, all) - greater;
            if (exact == 0) {
                assertEquals(0f, threshold, where + ": zeros are exact");
            } else {
                assertEquals(off, Math.round(thresholds.rankError() * all), where);
            }
        }
    }

    @Test
    void theSketchIsOffByAsManyRanksAsItSays() {
        Random random = new Random(13);
        for (int round = 0; round < 15; round++) {
            int images = 1 + random.nextInt(400);
            int cells = 1 + random.nextInt(100);
            for (String q : List.of("0.005", "0.1", "0.5", "0.999", "0.000001")) {
                BigDecimal fraction = new BigDecimal(q);
                eachKind(random, (kind, value) -> compareSketch(kind, images, cells, fraction, value));
                compareSketch(
                        "all octaves",
                        images,
                        cells,
                        fraction,
                        i -> Math.pow(2, random.nextInt(250) - 125) * sign(random));
            }
        }
    }

    private static int sign(Random random) {
        return random.nextBoolean() ? 1 : -1;
    }

    @Test
    void moreMemoryMakesTheSketchFiner() {
        Random random = new Random(17);
        float[] map = new float[1 << 20];
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) -Math.log(1 - random.nextDouble());
        }
        BigDecimal q = new BigDecimal("0.005");
        double before = 1;
        for (long memory : new long[] {10_000, 100_000, 1_000_000}) {
            TailSketch sketch = new TailSketch(1, map.length, memory, Quantile.rank(q, map.length));
            sketch.add(0, map, map.length);
            double error = sketch.thresholds().rankError();
            assertTrue(error > 0 && error < before, error + " with " + memory + " bytes, before " + before);
            before = error;
        }
        assertTrue(before < 0.005 / 50, "off by " + before);
    }

    @Test
    void aSketchThatDoesNotFitIsRefused() {
        ActivationShape shape = new ActivationShape(1000, 64, new GridSize(10, 10));
        BigDecimal q = new BigDecimal("0.005");
        InputException e = assertThrows(
                InputException.class, () -> ThresholdSelector.sketch(shape, List.of(Quantile.upper(q)), 10_000));
        assertEquals(
                "--memory 10.0 kB: thresholds of 64 units need at least 524.3 kB for each layer without a cache",
                e.getMessage());
    }

    @Test
    void smallLayersLeaveTheirShareToLargeOnes() {
        Map<String, ActivationShape> shapes = Map.of(
                "large", new ActivationShape(1000, 64, new GridSize(10, 10)),
                "small", new ActivationShape(1000, 1, new GridSize(10, 10)));
        BigDecimal q = new BigDecimal("0.005");
        long large = TopValues.bytes(64, 500);
        long small = TopValues.bytes(1, 500);
        SelectorPlan enough = new SelectorPlan(shapes, List.of(Quantile.upper(q)), large + small);
        assertEquals(large, enough.need("large"));
        assertTrue(enough.exact("small").isPresent());
        assertTrue(enough.exact("large").isPresent());
        SelectorPlan less = new SelectorPlan(shapes, List.of(Quantile.upper(q)), large + small - 1);
        assertTrue(less.exact("small").isPresent());
        assertTrue(less.exact("large").isEmpty());
        assertEquals(large - 1, less.share("large"));
    }

    @Test
    void oneValueIsItsOwnThreshold() {
        compare("single", 1, 1, new BigDecimal("0.005"), i -> -7.5);
    }

    @Test
    void atMostTheTopFractionIsGreater() {
        Random random = new Random(11);
        float[] map = new float[1999];
        for (int i = 0; i < map.length; i++) {
            map[i] = random.nextFloat();
        }
        TopValues selector = new TopValues(1, (int) Quantile.rank(new BigDecimal("0.005"), map.length));
        selector.add(0, map, map.length);
        float threshold = selector.thresholds().of(0);
        int greater = 0;
        for (float value : map) {
            greater += value > threshold ? 1 : 0;
        }
        assertEquals(9, greater);
    }

    @Test
    void rankIsExactWhereBinaryFractionsAreNot() {
        assertEquals(735, Quantile.rank(new BigDecimal("0.005"), 147_000));
        assertEquals(0, Quantile.rank(new BigDecimal("0.005"), 199));
        assertEquals(1, Quantile.rank(new BigDecimal("0.005"), 200));
        assertEquals(29, Quantile.rank(new BigDecimal("0.29"), 100));
    }

    @Test
    void onePassIsRefusedWhereItsValuesDoNotFit() {
        ActivationShape shape = new ActivationShape(1000, 64, new GridSize(10, 10));
        BigDecimal q = new BigDecimal("0.005");
        assertTrue(ThresholdSelector.onePass(shape, q, 1 << 20).isPresent());
        assertTrue(ThresholdSelector.onePass(shape, q, 1 << 10).isEmpty());
    }
}
