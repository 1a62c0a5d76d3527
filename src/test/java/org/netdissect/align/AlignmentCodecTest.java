package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.cache.DerivedFiles;
import org.netdissect.base.GridSize;

class AlignmentCodecTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final int UNITS = 5;
    private static final int LABELS = 17;
    private static final int CATEGORIES = 3;
    private static final List<GridSize> GRIDS =
            List.of(new GridSize(1, 1), new GridSize(7, 9), new GridSize(112, 112), new GridSize(2, 500));
    private static final float[] ACTIVATIONS = {
        Float.NaN,
        Float.intBitsToFloat(0x7fc01234),
        -0f,
        0f,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -3.5f
    };

    @TempDir
    Path folder;

    private static AlignmentCodec codec(int parts) {
        return new AlignmentCodec(UNITS, LABELS, CATEGORIES, parts, GRIDS);
    }

    /** A fraction {@code density} of the counts is not 0; some of these need far more than 32 bits. */
    private static AlignmentCounts counts(Random random, double density) {
        AlignmentCounts counts = new AlignmentCounts(UNITS, LABELS, CATEGORIES);
        for (int label = 0; label < LABELS; label++) {
            counts.addTruth(label, number(random, density));
            for (int unit = 0; unit < UNITS; unit++) {
                counts.addIntersect(unit, label, number(random, density));
            }
        }
        for (int cell = 0; cell < UNITS * CATEGORIES; cell++) {
            counts.addActivation(cell / CATEGORIES, cell % CATEGORIES, number(random, density));
        }
        return counts;
    }

    private static long number(Random random, double density) {
        return random.nextDouble() < density ? random.nextLong() >>> (1 + random.nextInt(63)) : 0;
    }

    private static Mask mask(Random random, GridSize grid) {
        BitSet bits = new BitSet();
        switch (random.nextInt(3)) {
            case 0 -> bits.set(0, grid.cells());
            case 1 -> random.ints(10, 0, grid.cells()).forEach(bits::set);
            default -> bits.clear();
        }
        return Mask.of(grid, bits);
    }

    /** Best images of units; unit 0 has none. */
    private static TopImages top(Random random, int most) {
        TopImages top = new TopImages(UNITS, most);
        for (int unit = 1; unit < UNITS; unit++) {
            for (int image = 0; image < GRIDS.size(); image++) {
                float activation = ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
                Mask mask = mask(random, GRIDS.get(image));
                top.add(unit, image, new float[] {activation}, () -> mask);
            }
        }
        return top;
    }

    private static AlignmentResult result(Random random, int parts, double density, int most) {
        List<AlignmentCounts> counts = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            counts.add(counts(random, density));
        }
        return new AlignmentResult(counts, top(random, most));
    }

    private static void assertSame(AlignmentCounts expected, AlignmentCounts actual) {
        for (int label = 0; label < LABELS; label++) {
            assertEquals(expected.truth(label), actual.truth(label));
            for (int unit = 0; unit < UNITS; unit++) {
                assertEquals(expected.intersect(unit, label), actual.intersect(unit, label));
            }
        }
        for (int cell = 0; cell < UNITS * CATEGORIES; cell++) {
            assertEquals(
                    expected.activation(cell / CATEGORIES, cell % CATEGORIES),
                    actual.activation(cell / CATEGORIES, cell % CATEGORIES));
        }
    }

    /** Asserts that {@code actual} has exactly the first {@code most} images of {@code expected}. */
    private static void assertSame(TopImages expected, TopImages actual, int most) {
        assertEquals(most, actual.most());
        for (int unit = 0; unit < UNITS; unit++) {
            List<TopImages.Entry> all = expected.of(unit);
            List<TopImages.Entry> entries = actual.of(unit);
            assertEquals(Math.min(most, all.size()), entries.size());
            for (int i = 0; i < entries.size(); i++) {
                assertEquals(all.get(i).image(), entries.get(i).image());
                assertEquals(
                        Float.floatToRawIntBits(all.get(i).activation()),
                        Float.floatToRawIntBits(entries.get(i).activation()));
                assertEquals(all.get(i).mask().grid(), entries.get(i).mask().grid());
                assertEquals(all.get(i).mask().bits(), entries.get(i).mask().bits());
            }
        }
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws DataFormatException {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            int parts = 1 + round % 3;
            int most = round % 6;
            AlignmentResult result = result(random, parts, new double[] {0, 0.1, 1}[round / 3 % 3], most);
            ByteBuffer bytes = codec(parts).encode(result);
            for (int wanted = 0; wanted <= most; wanted++) {
                AlignmentResult read = codec(parts).decode(bytes, wanted).orElseThrow();
                for (int part = 0; part < parts; part++) {
                    assertSame(result.parts().get(part), read.parts().get(part));
                }
                assertSame(result.counts(), read.counts());
                assertSame(result.top(), read.top(), wanted);
            }
            assertTrue(codec(parts).decode(bytes, most + 1).isEmpty(), "images that were not kept");
        }
    }

    @Test
    void ofAnotherTargetItIsRefused() {
        ByteBuffer bytes = codec(1).encode(result(new Random(5), 1, 0.5, 2));
        for (AlignmentCodec other : List.of(
                new AlignmentCodec(UNITS + 1, LABELS, CATEGORIES, 1, GRIDS),
                new AlignmentCodec(UNITS, LABELS - 1, CATEGORIES, 1, GRIDS),
                new AlignmentCodec(UNITS, LABELS, CATEGORIES + 1, 1, GRIDS),
                codec(2))) {
            assertThrows(DataFormatException.class, () -> other.decode(bytes, 0));
        }
    }

    /** Any change of the file is detected by its checksum. */
    @Test
    void aFileCutOffOrWithAChangedByteIsRefused() throws IOException, DataFormatException {
        DerivedFiles files = new DerivedFiles(folder);
        files.write(KEY, codec(2).encode(result(new Random(7), 2, 0.3, 3)));
        byte[] sound = Files.readAllBytes(files.file(KEY));
        assertTrue(codec(2).decode(files.read(KEY).orElseThrow(), 3).isPresent());
        for (int length = 0; length < sound.length; length++) {
            Files.write(files.file(KEY), Arrays.copyOf(sound, length));
            assertThrows(DataFormatException.class, () -> files.read(KEY));
        }
        Files.write(files.file(KEY), Arrays.copyOf(sound, sound.length + 1));
        assertThrows(DataFormatException.class, () -> files.read(KEY));
        for (int position = 0; position < sound.length; position++) {
            byte[] bytes = sound.clone();
            bytes[position] ^= (byte) (1 << position % 8);
            Files.write(files.file(KEY), bytes);
            assertThrows(DataFormatException.class, () -> files.read(KEY));
        }
    }

    /** Changed bytes with a correct checksum are decoded or refused, without any other exception. */
    @Test
    void forgedBytesAreTakenOrRefused() {
        Random random = new Random(9);
        ByteBuffer encoded = codec(1).encode(result(random, 1, 0.4, 4));
        byte[] sound = new byte[encoded.remaining()];
        encoded.get(sound);
        int refused = 0;
        for (int length = 0; length < sound.length; length++) {
            refused += isRefused(Arrays.copyOf(sound, length)) ? 1 : 0;
        }
        assertEquals(sound.length, refused, "every cut");
        assertTrue(isRefused(Arrays.copyOf(sound, sound.length + 1)), "too long");
        refused = 0;
        int changes = 0;
        for (int position = 0; position < sound.length; position++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = sound.clone();
                bytes[position] ^= (byte) (1 << bit);
                refused += isRefused(bytes) ? 1 : 0;
                bytes[position] = (byte) 0xff;
                Arrays.fill(bytes, position, Math.min(bytes.length, position + bit), (byte) 0xff);
                refused += isRefused(bytes) ? 1 : 0;
                changes += 2;
            }
        }
        assertTrue(refused > 0 && refused < changes, refused + " of " + changes);
    }

    private static boolean isRefused(byte[] bytes) {
        try {
            codec(1).decode(ByteBuffer.wrap(bytes), 4);
            return false;
        } catch (DataFormatException e) {
            return true;
        }
    }
}
