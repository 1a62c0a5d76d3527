package org.netdissect.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;

class NpyArrayTest {
    @TempDir
    Path folder;

    private Path file(int version, String header, double... values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1));
        bytes.put((byte) version).put((byte) 0);
        if (version == 1) {
            bytes.putShort((short) header.length());
        } else {
            bytes.putInt(header.length());
        }
        bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
        for (double value : values) {
            bytes.putDouble(value);
        }
        byte[] used = java.util.Arrays.copyOf(bytes.array(), bytes.position());
        return Files.write(folder.resolve("x.npy"), used);
    }

    private static void refused(Path file, String reason) {
        String error = Failures.message(InputException.class, () -> NpyArray.read(file));
        assertTrue(error.contains(reason), error);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        float[] values = {1.5f, -0f, Float.MIN_VALUE, Float.MAX_VALUE};
        NpyArray.write(folder.resolve("t.npy"), values, values.length);
        assertArrayEquals(values, NpyArray.read(folder.resolve("t.npy")).values());
        NpyArray.write(folder.resolve("t.npy"), new float[0], 0);
        assertArrayEquals(new float[0], NpyArray.read(folder.resolve("t.npy")).values());
    }

    @Test
    void doublesAndBothFormatsAreRead() throws IOException {
        float[] expected = {0.1f, 2};
        for (int version = 1; version <= 2; version++) {
            Path file = file(version, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }\n", 0.1, 2);
            assertArrayEquals(expected, NpyArray.read(file).values());
        }
    }

    @Test
    void whatIsNoSuchArrayIsRefused() throws IOException {
        refused(file(1, "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }\n", 1), "<i4");
        refused(file(1, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }\n", 1, 2, 3, 4), "Fortran");
        refused(file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n", 1, 2), "size");
        refused(file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (-3,), }\n", 1, 2), "size");
        refused(file(1, "{'fortran_order': False}", 1, 2), "lacks");
        refused(file(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (x,), }\n", 1, 2), "not a number");
        refused(Files.writeString(folder.resolve("y.npy"), "unit,threshold\n"), "not a NumPy");
        refused(Files.write(folder.resolve("z.npy"), new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1}), "ends");
        refused(Files.write(folder.resolve("e.npy"), new byte[0]), "not a NumPy");
    }
}
