package org.netdissect.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ElementType;

class NumberConversionTest {
    @TempDir
    Path folder;

    /** By the definition of IEEE 754, in doubles. */
    private static double reference(int bits, int exponentBits, int fractionBits) {
        int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
        int fraction = bits & ((1 << fractionBits) - 1);
        int bias = (1 << (exponentBits - 1)) - 1;
        double sign = bits >> (exponentBits + fractionBits) == 0 ? 1 : -1;
        if (exponent == (1 << exponentBits) - 1) {
            return fraction == 0 ? sign / 0 : Double.NaN;
        }
        double digits = exponent == 0 ? 0 : 1;
        return sign * (digits + fraction / (double) (1 << fractionBits)) * Math.pow(2, Math.max(exponent, 1) - bias);
    }

    @Test
    void everyHalfAndBfloat16IsExact() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            same(reference(bits, 5, 10), NumberConversion.half((short) bits), bits);
            same(reference(bits, 8, 7), NumberConversion.bfloat16((short) bits), bits);
        }
    }

    private static void same(double expected, float found, int bits) {
        assertEquals(
                Double.doubleToLongBits(expected), Double.doubleToLongBits(found), () -> Integer.toHexString(bits));
    }

    private StoredTensor tensor(ElementType type, ByteBuffer numbers, ByteOrder order) throws IOException {
        byte[] bytes = new byte[numbers.capacity()];
        numbers.get(0, bytes);
        Path file = Files.write(folder.resolve("numbers"), bytes);
        long count = numbers.capacity() / type.width();
        return StoredTensor.whole("w", type, List.of(count), new FileBytes(file, 0, numbers.capacity(), order));
    }

    @Test
    void doublesAreNarrowedToTheNearest() throws IOException {
        double[] numbers = {0.1, 1e300, -1e-300, 1 + 0x1p-24, Double.NaN};
        ByteBuffer bytes = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        float[] expected = new float[5];
        for (int i = 0; i < numbers.length; i++) {
            bytes.putDouble(numbers[i]);
            expected[i] = (float) numbers[i];
        }
        assertArrayEquals(
                expected,
                tensor(ElementType.DOUBLE, bytes, ByteOrder.LITTLE_ENDIAN).values());
    }

    @Test
    void bigEndianNumbersAreTurnedAround() throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(16).order(ByteOrder.BIG_ENDIAN).putLong(258).putLong(-3);
        StoredTensor tensor = tensor(ElementType.LONG, bytes, ByteOrder.BIG_ENDIAN);
        assertArrayEquals(new float[] {258, -3}, tensor.values());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tensor.writeTo(out);
        assertEquals(
                258,
                ByteBuffer.wrap(out.toByteArray())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong());
    }

    @Test
    void smallWholeNumbersBecomeLarge() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) 200, 1});
        assertArrayEquals(
                new float[] {200, 1},
                tensor(ElementType.BYTE, bytes, ByteOrder.LITTLE_ENDIAN).values());
        assertArrayEquals(
                new float[] {-56, 1},
                tensor(ElementType.CHAR, bytes, ByteOrder.LITTLE_ENDIAN).values());
        StoredTensor shorts = tensor(ElementType.SHORT, bytes, ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        shorts.as(ElementType.LONG).writeTo(out);
        assertArrayEquals(new byte[] {(byte) 200, 1, 0, 0, 0, 0, 0, 0}, out.toByteArray());
        assertEquals(8, shorts.as(ElementType.LONG).bytes());
    }

    @Test
    void realNumbersDoNotBecomeWhole() throws IOException {
        StoredTensor tensor = tensor(ElementType.FLOAT, ByteBuffer.allocate(4), ByteOrder.LITTLE_ENDIAN);
        InputException e = assertThrows(InputException.class, () -> tensor.as(ElementType.LONG));
        assertTrue(String.valueOf(e.getMessage()).startsWith("w: holds numbers of type FLOAT"), e.getMessage());
    }
}
