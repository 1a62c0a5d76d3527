package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.base.Workers;

class LeastImagesTest {
    private static final GridSize GRID = new GridSize(1, 4);
    private static final int UNITS = 8;

    private static float greatest(float[] map) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : map) {
            greatest = Math.max(greatest, value);
        }
        return greatest;
    }

    /** The definition: all images sorted by greatest activation, then position; and the ties of the last one kept. */
    private static String naive(float[][][] maps, int unit, int most) {
        List<Integer> kept = IntStream.range(0, maps.length)
                .boxed()
                .sorted(Comparator.comparing((Integer image) -> greatest(maps[image][unit]) + 0f)
                        .thenComparing(image -> image))
                .limit(most)
                .toList();
        if (kept.isEmpty()) {
            return "[] 0";
        }
        float last = greatest(maps[kept.get(kept.size() - 1)][unit]);
        long tied = Arrays.stream(maps)
                .filter(image -> greatest(image[unit]) == last)
                .count();
        return described(
                kept.stream()
                        .map(image -> new TopImages.Entry(image, greatest(maps[image][unit]), mask(image, unit)))
                        .toList(),
                tied);
    }

    private static String described(List<TopImages.Entry> entries, long tied) {
        return entries.stream()
                        .map(entry -> entry.image() + ":" + entry.activation() + ":"
                                + entry.mask().bits())
                        .toList()
                + " " + tied;
    }

    private static String described(LeastImages least, int unit) {
        return described(least.of(unit), least.of(unit).isEmpty() ? 0 : least.tied(unit));
    }

    private static void assertNaive(float[][][] maps, int most, LeastImages least) {
        for (int unit = 0; unit < UNITS; unit++) {
            assertEquals(naive(maps, unit, most), described(least, unit), "unit " + unit + ", " + most + " images");
        }
    }

    private static Mask mask(int image, int unit) {
        return Mask.of(GRID, new int[] {(image + unit) % 4}, unit % 2);
    }

    /** Maps of few distinct values, of zeros of both signs, and of extremes. */
    private static float[][][] maps(int images, Random random) {
        float[][][] maps = new float[images][UNITS][4];
        for (int image = 0; image < images; image++) {
            for (int cell = 0; cell < 4; cell++) {
                float[][] map = maps[image];
                map[1][cell] = random.nextBoolean() ? 0f : -0f;
                map[2][cell] = Math.max(0, random.nextInt(40) - 36);
                map[3][cell] = random.nextInt(6) - 3;
                map[4][cell] = (float) random.nextGaussian();
                map[5][cell] = images - image;
                map[6][cell] = image;
                map[7][cell] = new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, 0}[random.nextInt(4)];
            }
        }
        return maps;
    }

    /** Offers an image as alignment does. */
    private static void offer(LeastImages least, int image, float[][][] maps) {
        for (int unit = 0; unit < UNITS; unit++) {
            assertTrue(greatest(maps[image][unit]) > least.needsAbove(unit, image), "every map is needed");
            int of = unit;
            if (least.mayEnter(unit, maps[image][unit])) {
                least.add(unit, image, maps[image][unit], () -> mask(image, of));
            }
        }
    }

    @Test
    void theLeastInWhateverOrderImagesComeAndOnHoweverManyThreads() throws IOException {
        Random random = new Random(3);
        for (int images : new int[] {1, 2, 60}) {
            float[][][] maps = maps(images, random);
            for (int most : new int[] {0, 1, 3, 10, 59, 60, 100}) {
                List<Integer> order =
                        new ArrayList<>(IntStream.range(0, images).boxed().toList());
                for (int threads : new int[] {1, 1, 4, 4}) {
                    LeastImages least = new LeastImages(UNITS, most);
                    Workers.run(threads, images, () -> task -> offer(least, order.get(task), maps));
                    assertNaive(maps, most, least);
                    Collections.shuffle(order, random);
                }
            }
        }
    }

    @Test
    void partsOfTheImagesMergeIntoWhatOnePassKeeps() {
        Random random = new Random(5);
        for (int images : new int[] {1, 2, 40}) {
            for (int most : new int[] {0, 1, 3, 10, 100}) {
                for (int parts : new int[] {1, 2, 7}) {
                    float[][][] maps = maps(images, random);
                    List<LeastImages> some = new ArrayList<>();
                    for (int part = 0; part < parts; part++) {
                        some.add(new LeastImages(UNITS, most + random.nextInt(2)));
                    }
                    for (int image = 0; image < images; image++) {
                        offer(some.get(random.nextInt(parts)), image, maps);
                    }
                    LeastImages merged = new LeastImages(UNITS, most);
                    Collections.shuffle(some, random);
                    some.forEach(merged::merge);
                    assertNaive(maps, most, merged);
                }
            }
        }
        LeastImages least = new LeastImages(2, 3);
        assertThrows(IllegalArgumentException.class, () -> least.merge(new LeastImages(2, 2)));
        assertThrows(IllegalArgumentException.class, () -> least.merge(new LeastImages(1, 3)));
    }

    @Test
    void noNumberIsRefused() {
        LeastImages least = new LeastImages(1, 2);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> least.add(0, 7, new float[] {1, Float.NaN, 3}, () -> mask(0, 0)))
                .getMessage();
        assertEquals("activation NaN of unit 0 on image 7", message);
        assertEquals(List.of(), least.of(0));
    }

    private static AlignmentCodec codec(int units, int images) {
        return new AlignmentCodec(units, 3, 2, 1, Collections.nCopies(images, GRID));
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws DataFormatException {
        Random random = new Random(7);
        for (int images : new int[] {1, 5, 40}) {
            float[][][] maps = maps(images, random);
            for (int most : new int[] {1, 4, 50}) {
                LeastImages least = new LeastImages(UNITS, most);
                IntStream.range(0, images).forEach(image -> offer(least, image, maps));
                ByteBuffer bytes = codec(UNITS, images).encode(least);
                for (int wanted = 1; wanted <= most; wanted++) {
                    LeastImages read =
                            codec(UNITS, images).decodeLeast(bytes, wanted).orElseThrow();
                    assertEquals(wanted, read.most());
                    assertNaive(maps, wanted, read);
                }
                assertTrue(codec(UNITS, images).decodeLeast(bytes, most + 1).isEmpty(), "images that were not kept");
            }
        }
    }

    @Test
    void damagedBytesAreRefused() throws DataFormatException {
        LeastImages least = new LeastImages(UNITS, 3);
        float[][][] maps = maps(9, new Random(9));
        IntStream.range(0, 9).forEach(image -> offer(least, image, maps));
        ByteBuffer encoded = codec(UNITS, 9).encode(least);
        byte[] sound = new byte[encoded.remaining()];
        encoded.get(sound);
        for (int length = 0; length <= sound.length + 1; length++) {
            ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(sound, length));
            if (length != sound.length) {
                assertThrows(DataFormatException.class, () -> codec(UNITS, 9).decodeLeast(bytes, 3), length + " bytes");
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(sound);
        assertThrows(DataFormatException.class, () -> codec(UNITS + 1, 9).decodeLeast(bytes, 3));
        assertThrows(DataFormatException.class, () -> codec(UNITS, 9).decode(bytes, 3), "of another kind");
        for (int position = 0; position < sound.length; position++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = sound.clone();
                changed[position] ^= (byte) (1 << bit);
                try {
                    codec(UNITS, 9).decodeLeast(ByteBuffer.wrap(changed), 3);
                } catch (DataFormatException e) {
                    assertTrue(String.valueOf(e.getMessage()).startsWith("it "), e.getMessage());
                }
            }
        }
    }
}
