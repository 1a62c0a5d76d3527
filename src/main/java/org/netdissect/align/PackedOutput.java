package org.netdissect.align;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Growing bytes to which numbers are appended. */
final class PackedOutput {
    private ByteBuffer bytes = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

    /** Appends a non-negative number as a varint. */
    void number(long number) {
        reserve();
        Varints.put(bytes, number);
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
        if (bytes.remaining() < Varints.LONGEST) {
            bytes = ByteBuffer.allocate(2 * bytes.capacity())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(bytes.flip());
        }
    }

    /** The bytes so far, for reading; valid until {@link #clear}. */
    ByteBuffer end() {
        return bytes.flip();
    }

    void clear() {
        bytes.clear();
    }
}
