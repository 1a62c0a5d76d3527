package org.netdissect.weights;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the numbers of a layout in C order. */
final class StridedWriter {
    private static final int BUFFER = 1 << 16;

    private final byte[] part;
    private final int width;
    private final StridedLayout layout;
    private final byte[] buffer;
    private int filled;

    /** {@code part} has the storage's bytes from the layout's first number to its last. */
    StridedWriter(byte[] part, int width, StridedLayout layout) {
        this.part = part;
        this.width = width;
        this.layout = layout;
        this.buffer = new byte[BUFFER];
    }

    void writeTo(OutputStream out) throws IOException {
        long[] sizes = layout.sizes().stream().mapToLong(Long::longValue).toArray();
        long[] strides = layout.strides().stream().mapToLong(Long::longValue).toArray();
        long[] index = new long[sizes.length];
        long at = 0;
        for (long left = layout.count(); left > 0; left--) {
            if (filled == BUFFER) {
                flush(out);
            }
            System.arraycopy(part, (int) at * width, buffer, filled, width);
            filled += width;
            for (int i = sizes.length - 1; i >= 0; i--) {
                index[i]++;
                at += strides[i];
                if (index[i] < sizes[i]) {
                    break;
                }
                at -= index[i] * strides[i];
                index[i] = 0;
            }
        }
        flush(out);
    }

    private void flush(OutputStream out) throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }
}
