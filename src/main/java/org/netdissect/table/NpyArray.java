package org.netdissect.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.netdissect.base.InputException;
import org.netdissect.base.SafeFiles;

/**
 * A small array of a NumPy file, such as the thresholds of a layer.
 *
 * @param values in C order
 * @param shape lengths of the axes
 */
@SuppressWarnings("ArrayRecordComponent") // large, and nobody compares it
public record NpyArray(float[] values, List<Long> shape) {
    private static final int LONGEST = 1 << 24;

    /** Writes float32 values; the file appears whole or not at all. */
    public static void write(Path file, float[] values, long... shape) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        SafeFiles.write(file, out -> {
            WritableByteChannel channel = Channels.newChannel(out);
            channel.write(NpyHeader.encode("<f4", shape));
            channel.write(data);
        });
    }

    /** Reads float32 or float64 values of any shape. Throws {@link InputException} for anything else. */
    public static NpyArray read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            NpyHeader header = NpyHeader.read(channel, file.toString());
            long count = header.shape().stream().reduce(1L, (a, b) -> a * b);
            int bytes = switch (header.type()) {
                case "<f4" -> Float.BYTES;
                case "<f8" -> Double.BYTES;
                default ->
                    throw new InputException(file + ": values of type " + header.type() + "; expected <f4 or <f8");
            };
            if (count < 0 || count > LONGEST || channel.size() < header.dataOffset() + count * bytes) {
                throw new InputException(file + ": shape " + header.shape() + " does not fit the file's size");
            }
            ByteBuffer data = NpyHeader.readAt(channel, header.dataOffset(), (int) count * bytes);
            float[] values = new float[(int) count];
            for (int i = 0; i < values.length; i++) {
                values[i] = bytes == Float.BYTES ? data.getFloat() : (float) data.getDouble();
            }
            return new NpyArray(values, header.shape());
        }
    }
}
