package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.base.Workers;

class TopImagesTest {
    private static final GridSize GRID = new GridSize(1, 4);

    /** The definition: all images sorted by greatest activation, then index. */
    private static List<Integer> naive(float[][][] maps, int unit, int most) {
        return IntStream.range(0, maps.length)
                .boxed()
                .sorted(Comparator.comparing((Integer image) -> -greatest(maps[image][unit]))
                        .thenComparing(image -> image))
                .limit(most)
                .toList();
    }

    private static float greatest(float[] map) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : map) {
            greatest = Math.max(greatest, value);
        }
        return greatest;
    }

    /**
     * Maps of few distinct values, with many ties. Units 0 and 1 are constant, and one unit is below zero everywhere.
     */
    private static float[][][] maps(int images, int units, Random random) {
        float[][][] maps = new float[images][units][4];
        for (float[][] image : maps) {
            for (int unit = 2; unit < units; unit++) {
                for (int cell = 0; cell < 4; cell++) {
                    image[unit][cell] = unit == 2 ? -1 - random.nextInt(3) : random.nextInt(6) - 2;
                }
            }
        }
        return maps;
    }

    /** Offers maps of an image; the known limit exceeds the greatest value by {@code slack}. */
    private static void offer(TopImages top, int unit, int image, float[] map, float slack) {
        if (top.mayEnter(unit, image, map, greatest(map) + slack)) {
            top.add(unit, image, map, () -> Mask.of(GRID, new int[] {image % 4}, 1));
        }
    }

    @Test
    void theGreatestInWhateverOrderImagesComeAndOnHoweverManyThreads() throws IOException {
        Random random = new Random(5);
        int units = 9;
        float[][][] maps = maps(60, units, random);
        for (int most : new int[] {1, 3, 10, 60, 100}) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, maps.length).boxed().toList());
            for (int threads : new int[] {1, 1, 4, 4}) {
                float slack = random.nextBoolean() ? 0 : random.nextBoolean() ? 1 : Float.POSITIVE_INFINITY;
                Collections.shuffle(order, random);
                TopImages top = new TopImages(units, most);
                Workers.run(threads, order.size(), () -> task -> {
                    for (int unit = 0; unit < units; unit++) {
                        int image = order.get(task);
                        offer(top, unit, image, maps[image][unit], slack);
                    }
                });
                for (int unit = 0; unit < units; unit++) {
                    List<TopImages.Entry> entries = top.of(unit);
                    assertEquals(
                            naive(maps, unit, most),
                            entries.stream().map(TopImages.Entry::image).toList());
                    for (TopImages.Entry entry : entries) {
                        assertEquals(greatest(maps[entry.image()][unit]), entry.activation());
                        assertTrue(entry.mask().bits().get(entry.image() % 4), "the image's own mask");
                    }
                }
            }
        }
    }

    @Test
    void nothingIsKeptWhereNothingIsAskedFor() {
        TopImages top = new TopImages(1, 0);
        assertFalse(top.mayEnter(0, 0, new float[] {Float.MAX_VALUE}, Float.POSITIVE_INFINITY));
        top.add(0, 0, new float[] {1}, () -> {
            throw new AssertionError("no mask is needed");
        });
        assertEquals(List.of(), top.of(0));
    }

    @Test
    void anImageThatCannotEnterIsPassedOverWithoutALook() {
        TopImages top = new TopImages(1, 2);
        for (int image : new int[] {5, 3}) {
            assertTrue(top.mayEnter(0, image, new float[] {0}, 0), "the list is not full");
            top.add(0, image, new float[] {0}, () -> Mask.of(GRID, new int[0], 0));
        }
        assertFalse(top.mayEnter(0, 6, new float[] {-1, 0}, 0), "a later image of a dead unit");
        assertFalse(top.mayEnter(0, 5, new float[] {-1, 0}, Float.POSITIVE_INFINITY), "the last one itself");
        assertTrue(top.mayEnter(0, 4, new float[] {-1, 0}, 0), "an earlier image, which a tie lets in");
        assertTrue(top.mayEnter(0, 4, new float[] {-1, -0f}, -0f), "zeros are equal whatever their sign");
        assertTrue(top.mayEnter(0, 6, new float[] {-1, Float.MIN_VALUE}, 1));
        assertFalse(top.mayEnter(0, 4, new float[] {-1, 0}, -0.5f), "the limit is believed");
    }

    @Test
    void theLimitOfAKernelHoldsForItsMap() {
        Random random = new Random(11);
        GridSize size = new GridSize(3, 3);
        for (Comparison comparison : Comparison.values()) {
            MaskKernel kernel = new MaskKernel(size, new GridSize(7, 7), NodePlacement.HALF_PIXEL, comparison);
            int tight = 0;
            for (int round = 0; round < 300; round++) {
                float[] map = new float[size.cells()];
                for (int cell = 0; cell < map.length; cell++) {
                    map[cell] = random.nextInt(5) - 2;
                }
                kernel.find(map, random.nextInt(5) - 2);
                assertTrue(greatest(map) <= kernel.limit());
                tight += kernel.limit() < Float.POSITIVE_INFINITY ? 1 : 0;
            }
            assertTrue(tight > 0, "some maps lie below their threshold");
        }
    }

    @Test
    void masksKeepEveryPixelAndCountWhatTheyShare() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            GridSize grid = new GridSize(1 + random.nextInt(6), 1 + random.nextInt(6));
            BitSet a = new BitSet();
            BitSet b = new BitSet();
            int shared = 0;
            for (int pixel = 0; pixel < grid.cells(); pixel++) {
                a.set(pixel, random.nextInt(3) > 0);
                b.set(pixel, random.nextInt(round % 4 + 1) == 0);
                shared += a.get(pixel) && b.get(pixel) ? 1 : 0;
            }
            Mask mask = Mask.of(grid, a);
            assertEquals(a, mask.bits());
            assertEquals(a.cardinality(), mask.size());
            assertEquals(shared, mask.intersect(Mask.of(grid, b)));
            int[] pixels = b.stream().toArray();
            assertEquals(b, Mask.of(grid, pixels, pixels.length).bits());
        }
    }

    @Test
    void partsOfTheImagesMergeIntoWhatOnePassKeeps() {
        Random random = new Random(13);
        int units = 6;
        for (int images : new int[] {1, 2, 40}) {
            float[][][] maps = maps(images, units, random);
            for (int most : new int[] {0, 1, 3, 10, 100}) {
                for (int parts : new int[] {1, 2, 7}) {
                    TopImages whole = new TopImages(units, most);
                    List<TopImages> some = new ArrayList<>();
                    for (int part = 0; part < parts; part++) {
                        some.add(new TopImages(units, most + random.nextInt(2)));
                    }
                    for (int image = 0; image < images; image++) {
                        TopImages part = some.get(random.nextInt(parts));
                        for (int unit = 0; unit < units; unit++) {
                            offer(whole, unit, image, maps[image][unit], 0);
                            offer(part, unit, image, maps[image][unit], 0);
                        }
                    }
                    TopImages merged = new TopImages(units, most);
                    Collections.shuffle(some, random);
                    some.forEach(merged::merge);
                    for (int unit = 0; unit < units; unit++) {
                        assertEquals(described(whole, unit), described(merged, unit));
                    }
                }
            }
        }
    }

    private static List<String> described(TopImages top, int unit) {
        return top.of(unit).stream()
                .map(entry -> entry.image() + " " + Float.floatToRawIntBits(entry.activation()) + " "
                        + entry.mask().bits())
                .toList();
    }

    @Test
    void aPartThatKeepsFewerImagesIsRefused() {
        TopImages top = new TopImages(2, 3);
        assertThrows(IllegalArgumentException.class, () -> top.merge(new TopImages(2, 2)));
        assertThrows(IllegalArgumentException.class, () -> top.merge(new TopImages(1, 3)));
    }
}
