package org.netdissect.visualize;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.netdissect.base.SafeFiles;
import org.netdissect.network.FloatTensor;

/** The state of an ascent on disk, with a checksum: a killed run goes on from it. */
final class StateFile {
    private static final int HEADER = 3 * Integer.BYTES;
    private static final int CHECKSUM = Long.BYTES;

    private StateFile() {}

    static void write(Path file, AscentState state) throws IOException {
        int images = state.leaks().length;
        int numbers = state.parameter().values().length;
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER + Float.BYTES * (3 * numbers + images * (state.steps() + 1)) + CHECKSUM);
        bytes.putInt(state.steps()).putInt(images).putInt(numbers);
        for (FloatTensor tensor : new FloatTensor[] {state.parameter(), state.first(), state.second()}) {
            for (float value : tensor.values()) {
                bytes.putFloat(value);
            }
        }
        for (float[] step : state.objectives()) {
            for (float value : step) {
                bytes.putFloat(value);
            }
        }
        for (int leaks : state.leaks()) {
            bytes.putInt(leaks);
        }
        bytes.putLong(checksum(bytes));
        SafeFiles.write(file, out -> out.write(bytes.array()));
    }

    /**
     * Reads a state.
     *
     * @param shape of the parameter
     * @return nothing where there is no file, or it is damaged or of another shape: the ascent then starts anew
     */
    static Optional<AscentState> read(Path file, int images, long[] shape) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            int steps = bytes.getInt();
            boolean fits = bytes.getInt() == images;
            int numbers = bytes.getInt();
            long expected = 1;
            for (long length : shape) {
                expected *= length;
            }
            long size = HEADER + (long) Float.BYTES * (3L * numbers + images * (steps + 1L)) + CHECKSUM;
            if (!fits || numbers != expected || size != bytes.capacity()) {
                return Optional.empty();
            }
            FloatTensor parameter = new FloatTensor(floats(bytes, numbers), shape);
            FloatTensor first = new FloatTensor(floats(bytes, numbers), shape);
            FloatTensor second = new FloatTensor(floats(bytes, numbers), shape);
            float[][] objectives = new float[steps][];
            for (int step = 0; step < steps; step++) {
                objectives[step] = floats(bytes, images);
            }
            int[] leaks = new int[images];
            for (int i = 0; i < images; i++) {
                leaks[i] = bytes.getInt();
            }
            boolean whole = checksum(bytes) == bytes.getLong();
            return whole
                    ? Optional.of(new AscentState(steps, parameter, first, second, objectives, leaks))
                    : Optional.empty();
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static float[] floats(ByteBuffer bytes, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = bytes.getFloat();
        }
        return values;
    }

    /** Checksum of all bytes before the buffer's position. */
    private static long checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().flip());
        return crc.getValue();
    }
}
