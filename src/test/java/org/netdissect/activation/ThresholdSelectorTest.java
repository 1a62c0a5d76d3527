package org.netdissect.activation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;

class ThresholdSelectorTest {
    /** The definition, word for word: sort descending, take the value of 0-based rank floor(q * N). */
    private static float naive(float[][] maps, BigDecimal q) {
        float[] all = new float[maps.length * maps[0].length];
        for (int i = 0; i < maps.length; i++) {
            System.arraycopy(maps[i], 0, all, i * maps[0].length, maps[0].length);
        }
        Arrays.sort(all);
        int rank = (int) QuantileRank.of(q, all.length);
        return all[all.length - 1 - rank] + 0.0f;
    }

    private static void compare(String what, int images, int cells, BigDecimal q, IntToDoubleFunction value) {
        float[][] maps = new float[images][cells];
        for (int i = 0; i < images * cells; i++) {
            maps[i / cells][i % cells] = (float) value.applyAsDouble(i);
        }
        float expected = naive(maps, q);
        int rank = (int) QuantileRank.of(q, (long) images * cells);
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

    @Test
    void bothSelectorsEqualSortingOnRandomAndNastyValues() {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            int images = 1 + random.nextInt(40);
            int cells = 1 + random.nextInt(30);
            for (String q : List.of("0.005", "0.01", "0.1", "0.5", "0.999", "0.000001")) {
                BigDecimal fraction = new BigDecimal(q);
                compare("normal", images, cells, fraction, i -> random.nextGaussian());
                compare("relu", images, cells, fraction, i -> Math.max(0, random.nextGaussian() - 2));
                compare("ties", images, cells, fraction, i -> random.nextInt(3) - 1);
                compare("constant", images, cells, fraction, i -> -3.25);
                compare("rising", images, cells, fraction, i -> i);
                compare("falling", images, cells, fraction, i -> -i);
                compare("zeros of both signs", images, cells, fraction, i -> random.nextBoolean() ? 0.0 : -0.0);
                compare("tiny", images, cells, fraction, i -> Float.MIN_VALUE * (random.nextInt(9) - 4));
                compare("huge", images, cells, fraction, i -> Float.MAX_VALUE * (random.nextDouble() * 2 - 1));
            }
        }
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
        TopValues selector = new TopValues(1, (int) QuantileRank.of(new BigDecimal("0.005"), map.length));
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
        assertEquals(735, QuantileRank.of(new BigDecimal("0.005"), 147_000));
        assertEquals(0, QuantileRank.of(new BigDecimal("0.005"), 199));
        assertEquals(1, QuantileRank.of(new BigDecimal("0.005"), 200));
        assertEquals(29, QuantileRank.of(new BigDecimal("0.29"), 100));
    }

    @Test
    void onePassIsRefusedWhereItsValuesDoNotFit() {
        ActivationShape shape = new ActivationShape(1000, 64, new GridSize(10, 10));
        BigDecimal q = new BigDecimal("0.005");
        assertTrue(ThresholdSelector.onePass(shape, q, 1 << 20).isPresent());
        assertTrue(ThresholdSelector.onePass(shape, q, 1 << 10).isEmpty());
    }
}
