package org.netdissect.activation.threshold;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tail;

/** Thresholds of images split at random into parts, compared with thresholds of one selector for all images. */
class ThresholdMergeTest {
    private static final int UNITS = 3;
    private static final String[] FRACTIONS = {"0.005", "0.1", "0.5", "0.999", "0.000001"};

    /** Values by kind: ties, zeros of both signs, more octaves than a sketch has bins, and the limits of float. */
    private static Map<String, IntToDoubleFunction> kinds(Random random) {
        Map<String, IntToDoubleFunction> kinds = new LinkedHashMap<>();
        kinds.put("normal", i -> random.nextGaussian());
        kinds.put("relu", i -> Math.max(0, random.nextGaussian() - 2));
        kinds.put("ties", i -> random.nextInt(3) - 1);
        kinds.put("constant", i -> -3.25);
        kinds.put("zero", i -> 0);
        kinds.put("rising", i -> i);
        kinds.put("falling", i -> -i);
        kinds.put("zeros of both signs", i -> random.nextBoolean() ? 0.0 : -0.0);
        kinds.put("tiny", i -> Float.MIN_VALUE * (random.nextInt(9) - 4));
        kinds.put("huge", i -> Float.MAX_VALUE * (random.nextDouble() * 2 - 1));
        kinds.put("all octaves", i -> Math.pow(2, random.nextInt(250) - 125) * (random.nextBoolean() ? 1 : -1));
        kinds.put("an outlier now and then", i -> random.nextInt(500) == 0 ? 1e9 * random.nextDouble() : i % 7);
        return kinds;
    }

    /** [images][units][cells] */
    private static float[][][] maps(int images, int cells, IntToDoubleFunction value) {
        float[][][] maps = new float[images][UNITS][cells];
        int at = 0;
        for (float[][] image : maps) {
            for (float[] map : image) {
                for (int cell = 0; cell < cells; cell++) {
                    map[cell] = (float) value.applyAsDouble(at++);
                }
            }
        }
        return maps;
    }

    private static void add(ThresholdSelector selector, float[][] image) {
        for (int unit = 0; unit < UNITS; unit++) {
            selector.add(unit, image[unit].clone(), image[unit].length);
        }
    }

    private static List<Thresholds> inOne(ThresholdSelector selector, float[][][] maps) {
        do {
            for (float[][] image : maps) {
                add(selector, image);
            }
        } while (!selector.endPass());
        return selector.all();
    }

    /**
     * Images go to random parts, one of which is the selector itself; some parts are first merged into another part.
     */
    private static List<Thresholds> inParts(ThresholdSelector whole, float[][][] maps, Random random) {
        do {
            List<ThresholdSelector> parts = new ArrayList<>(List.of(whole));
            for (int more = random.nextInt(6); more > 0; more--) {
                parts.add(whole.newPart());
            }
            List<float[][]> images = new ArrayList<>(List.of(maps));
            Collections.shuffle(images, random);
            images.forEach(image -> add(parts.get(random.nextInt(parts.size())), image));
            while (parts.size() > 1) {
                ThresholdSelector part = parts.remove(1 + random.nextInt(parts.size() - 1));
                parts.get(random.nextInt(parts.size())).merge(part);
            }
        } while (!whole.endPass());
        return whole.all();
    }

    private static void assertSame(List<Thresholds> expected, List<Thresholds> found, String where) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            for (int unit = 0; unit < UNITS; unit++) {
                assertEquals(
                        Float.floatToRawIntBits(expected.get(i).of(unit)),
                        Float.floatToRawIntBits(found.get(i).of(unit)),
                        where + ", unit " + unit);
            }
            assertEquals(expected.get(i).rankError(), found.get(i).rankError(), where);
        }
    }

    private static List<Function<long[], ThresholdSelector>> makers(long values) {
        return List.of(
                ranks -> new TopValues(UNITS, ranks),
                ranks -> new RadixSelector(UNITS, ranks),
                ranks -> new TailSketch(UNITS, values, 25_000, ranks),
                ranks -> new TailSketch(UNITS, values, 1_000_000, ranks));
    }

    private static void compare(int images, int cells, String... fractions) {
        Random random = new Random(31L * images + cells);
        long values = (long) images * cells;
        long[] ranks = new long[fractions.length];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = Quantile.rank(new BigDecimal(fractions[i]), values);
        }
        kinds(random).forEach((kind, value) -> {
            float[][][] maps = maps(images, cells, value);
            for (Function<long[], ThresholdSelector> maker : makers(values)) {
                ThresholdSelector whole = maker.apply(ranks);
                String where = whole.getClass().getSimpleName() + ", " + images + "x" + cells + ", " + kind;
                assertSame(inOne(maker.apply(ranks), maps), inParts(whole, maps, random), where);
            }
        });
    }

    @Test
    void partsGiveWhatOnePassGives() {
        Random random = new Random(3);
        for (int round = 0; round < 25; round++) {
            for (String fraction : FRACTIONS) {
                compare(1 + random.nextInt(60), 1 + random.nextInt(80), fraction);
            }
            compare(1 + random.nextInt(60), 1 + random.nextInt(80), "0.01", "0.2", "0.004");
        }
    }

    /** Parts have more than 4,096 values, so that floors of the sketch rise and arrays of greatest values are cut. */
    @Test
    void largePartsGiveWhatOnePassGives() {
        compare(90, 400, "0.005");
        compare(90, 400, "0.3");
    }

    @Test
    void mapsOfOneCellAndSingleImages() {
        for (String fraction : FRACTIONS) {
            compare(1, 1, fraction);
            compare(40, 1, fraction);
            compare(1, 500, fraction);
        }
    }

    @Test
    void bothTailsInParts() {
        Random random = new Random(5);
        List<Quantile> quantiles = List.of(
                Quantile.upper(new BigDecimal("0.01")),
                new Quantile(Tail.LOWER, new BigDecimal("0.01")),
                new Quantile(Tail.LOWER, new BigDecimal("0.2")));
        ActivationShape shape = new ActivationShape(30, UNITS, new GridSize(4, 5));
        kinds(random).forEach((kind, value) -> {
            float[][][] maps = maps(30, 20, value);
            assertSame(
                    inOne(ThresholdSelector.threePasses(shape, quantiles), maps),
                    inParts(ThresholdSelector.threePasses(shape, quantiles), maps, random),
                    kind);
        });
    }

    @Test
    void aPartIsLeftAloneByAMerge() {
        for (Function<long[], ThresholdSelector> maker : makers(100)) {
            ThresholdSelector whole = maker.apply(new long[] {3});
            ThresholdSelector part = whole.newPart();
            ThresholdSelector other = whole.newPart();
            add(part, maps(1, 50, i -> i)[0]);
            add(other, maps(1, 50, i -> 1000 - i)[0]);
            whole.merge(part);
            whole.merge(other);
            ThresholdSelector again = maker.apply(new long[] {3});
            again.merge(other);
            again.merge(part);
            boolean done = whole.endPass();
            assertEquals(done, again.endPass());
            if (done) {
                assertArrayEquals(
                        again.thresholds().toArray(), whole.thresholds().toArray());
            }
        }
    }

    @Test
    void foreignPartsAreRefused() {
        List<ThresholdSelector> selectors = List.of(
                new TopValues(2, 5),
                new TopValues(3, 5),
                new TopValues(2, 5, 6),
                new RadixSelector(2, 5),
                new RadixSelector(2, 6),
                new TailSketch(2, 100, 100_000, 5),
                new TailSketch(2, 100, 10_000_000, 5));
        for (ThresholdSelector selector : selectors) {
            for (ThresholdSelector other : selectors) {
                if (other != selector) {
                    assertThrows(IllegalArgumentException.class, () -> selector.merge(other));
                }
            }
        }
        RadixSelector radix = new RadixSelector(1, 0);
        RadixSelector part = radix.newPart();
        radix.add(0, new float[] {1}, 1);
        radix.endPass();
        assertThrows(IllegalArgumentException.class, () -> radix.merge(part), "a part of the pass before");
    }

    /**
     * A value that is not finite ends the scan of its part; the first over all parts is the one that a single scan
     * names.
     */
    @Test
    void theFirstValueThatIsNoNumberIsNamedByParts() {
        float[] values = new float[12];
        values[4] = Float.NaN;
        values[9] = Float.POSITIVE_INFINITY;
        ActivationShape shape = new ActivationShape(6, 2, new GridSize(1, 1));
        ThresholdSelector whole = new TopValues(2, 1);
        List<MapScan.NotFinite> found = new ArrayList<>();
        for (int from : new int[] {4, 0, 2}) {
            ThresholdSelector part = whole.newPart();
            MapScan.NotFinite fault = new MapScan(Optional.of(part), shape).accept(block(values, from, 2));
            if (fault == null) {
                whole.merge(part);
            } else {
                found.add(fault);
            }
        }
        MapScan.NotFinite first = new MapScan(Optional.empty(), shape).accept(block(values, 0, 6));
        assertEquals(2, found.size());
        assertEquals(
                Objects.requireNonNull(first),
                Collections.min(found, Comparator.comparingInt(MapScan.NotFinite::image)));
    }

    private static ActivationBlock block(float[] values, int firstImage, int images) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(2 * images * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values, 2 * firstImage, 2 * images);
        return ActivationBlock.computed(firstImage, images, 2, new GridSize(1, 1), Precision.FLOAT32, bytes);
    }
}
