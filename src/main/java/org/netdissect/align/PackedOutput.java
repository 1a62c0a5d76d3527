package org.netdissect.align;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A growing buffer to which numbers are appended. */
final class PackedOutput {
    /** Greatest number of bytes of a varint. */
    static final int LONGEST = 9;

    private ByteBuffer bytes = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * Appends a number of 0 or more as a varint: seven bits a byte, low ones first; all bytes but the last have the
     * high bit set.
     */
    void number(long number) {
        reserve();
        long left = number;
        while (left > 0x7f) {
            bytes.put((byte) (left | 0x80));
            left >>>= 7;
        }
        bytes.put((byte) left);
    }

    /** Appends four bytes, low ones first. */
    void bits(int bits) {
        reserve();
        bytes.putInt(bits);
    }

    /** Appends an array of mostly zeros: alternately a count of zeros and a non-zero number. */
    void sparse(long[] numbers) {
        int zeros = 0;
        for (long number : numbers) {
            if (number == 0) {
                zeros++;
            } else {
                number(zeros);
                number(number);
                zeros = 0;
            }
        }
        number(zeros);
    }

    private void reserve() {
        if (bytes.remaining() < LONGEST) {
            bytes = ByteBuffer.allocate(2 * bytes.capacity())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(bytes.flip());
        }
    }

    /** The bytes appended so far, valid until {@link #clear}. */
    ByteBuffer end() {
        return bytes.flip();
    }

    void clear() {
        bytes.clear();
    }
}
