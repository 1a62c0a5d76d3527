package org.netdissect.weights;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Turns the bytes of each number around. Every write must have whole numbers. */
final class SwappedBytes extends FilterOutputStream {
    private final int width;

    SwappedBytes(OutputStream out, int width) {
        super(out);
        this.width = width;
    }

    @Override
    public void write(byte[] bytes, int start, int count) throws IOException {
        byte[] swapped = new byte[count];
        for (int i = 0; i < count; i++) {
            int within = i % width;
            swapped[i - within + width - 1 - within] = bytes[start + i];
        }
        out.write(swapped, 0, count);
    }
}
