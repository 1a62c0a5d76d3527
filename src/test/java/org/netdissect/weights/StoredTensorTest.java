package org.netdissect.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ElementType;

class StoredTensorTest {
    /** A storage of 0, 1, 2, ... */
    private static TensorBytes counting(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        byte[] bytes = TinyPickle.floats(numbers);
        return new TensorBytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ByteOrder order() {
                return ByteOrder.LITTLE_ENDIAN;
            }

            @Override
            public InputStream open(long from) {
                return new ByteArrayInputStream(bytes, (int) from, bytes.length - (int) from);
            }
        };
    }

    private static void naive(List<Long> sizes, List<Long> strides, int dimension, long at, List<Float> found) {
        if (dimension == sizes.size()) {
            found.add((float) at);
            return;
        }
        for (long i = 0; i < sizes.get(dimension); i++) {
            naive(sizes, strides, dimension + 1, at + i * strides.get(dimension), found);
        }
    }

    @Test
    void randomStridesAreReadAsByNestedLoops() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            List<Long> sizes = new ArrayList<>();
            List<Long> strides = new ArrayList<>();
            int rank = random.nextInt(5);
            for (int i = 0; i < rank; i++) {
                sizes.add((long) random.nextInt(round % 10 == 0 ? 2 : 1, 6));
                strides.add((long) random.nextInt(9));
            }
            long offset = random.nextInt(20);
            List<Float> expected = new ArrayList<>();
            naive(sizes, strides, 0, offset, expected);
            float[] found = StoredTensor.of("w", ElementType.FLOAT, sizes, strides, offset, counting(300))
                    .values();
            float[] wanted = new float[expected.size()];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = expected.get(i);
            }
            assertArrayEquals(wanted, found, sizes + " " + strides + " " + offset);
        }
    }

    /** More numbers than a buffer has. */
    @Test
    void largeTensorsAreWrittenWhole() throws IOException {
        StoredTensor transposed =
                StoredTensor.of("w", ElementType.FLOAT, List.of(300L, 200L), List.of(1L, 300L), 0, counting(60_000));
        assertEquals(300 * 57 + 211, transposed.values()[211 * 200 + 57]);
        StoredTensor plain = StoredTensor.whole("w", ElementType.FLOAT, List.of(60_000L), counting(60_000));
        assertEquals(59_999, plain.values()[59_999]);
    }

    @Test
    void emptyTensorsHaveNoNumbers() throws IOException {
        assertEquals(
                0,
                StoredTensor.of("w", ElementType.FLOAT, List.of(3L, 0L), List.of(5L, 1L), 9, counting(0))
                        .values()
                        .length);
    }

    private static void assertRefused(String expected, List<Long> sizes, List<Long> strides, long offset) {
        InputException e = assertThrows(
                InputException.class,
                () -> StoredTensor.of("w", ElementType.FLOAT, sizes, strides, offset, counting(10)));
        assertTrue(String.valueOf(e.getMessage()).startsWith("w: " + expected), e.getMessage());
    }

    @Test
    void placesOutsideTheStorageAreRefused() {
        StoredTensor.of("w", ElementType.FLOAT, List.of(2L, 5L), List.of(5L, 1L), 0, counting(10));
        assertRefused("reaches past the end", List.of(2L, 5L), List.of(5L, 1L), 1);
        assertRefused("reaches past the end", List.of(2L, 2L), List.of(9L, 1L), 0);
        assertRefused("has a negative size", List.of(-2L, -5L), List.of(5L, 1L), 0);
        assertRefused("has a negative stride", List.of(2L), List.of(-1L), 5);
        assertRefused("has a negative offset", List.of(2L), List.of(1L), -1);
        assertRefused("has 2 sizes but 1 strides", List.of(2L, 1L), List.of(1L), 0);
        assertRefused("has sizes beyond 64 bits", List.of(1L << 40, 1L << 40), List.of(0L, 0L), 0);
        assertRefused("has sizes beyond 64 bits", List.of(1L << 40, 1L << 40, 0L), List.of(0L, 0L, 0L), 0);
        assertRefused("has sizes beyond 64 bits", List.of(3L), List.of(Long.MAX_VALUE / 2 + 2), 0);
        assertRefused("has sizes beyond 64 bits", List.of(2L), List.of(Long.MAX_VALUE), 0);
    }

    @Test
    void expandedTensorsThatDoNotFitAreNotHeld() {
        StoredTensor huge = StoredTensor.of("w", ElementType.FLOAT, List.of(1L << 40), List.of(0L), 3, counting(10));
        InputException e = assertThrows(InputException.class, huge::values);
        assertTrue(String.valueOf(e.getMessage()).contains("too many to hold"), e.getMessage());
    }

    /** As a fully connected layer of VGG is, stored transposed; numbers in another order are held whole. */
    @Test
    void heldNumbersFitIntoTheMemory() {
        TensorBytes unread = new TensorBytes() {
            @Override
            public long size() {
                return Long.MAX_VALUE;
            }

            @Override
            public ByteOrder order() {
                return ByteOrder.LITTLE_ENDIAN;
            }

            @Override
            public InputStream open(long from) throws IOException {
                throw new IOException("opened");
            }
        };
        long most = StoredTensor.mostGathered() / Float.BYTES;
        assertTrue(most >= 4096L * 25088 || Runtime.getRuntime().maxMemory() < 1L << 30);
        StoredTensor wide = StoredTensor.of("w", ElementType.FLOAT, List.of(2L, 2L), List.of(1L, most), 0, unread);
        InputException e = assertThrows(InputException.class, () -> wide.writeTo(OutputStream.nullOutputStream()));
        assertTrue(String.valueOf(e.getMessage()).contains("save it with .contiguous()"), e.getMessage());
        StoredTensor fits = StoredTensor.of("w", ElementType.FLOAT, List.of(2L, 2L), List.of(1L, 1000L), 0, unread);
        assertEquals(
                "opened",
                assertThrows(IOException.class, () -> fits.writeTo(OutputStream.nullOutputStream()))
                        .getMessage());
    }
}
