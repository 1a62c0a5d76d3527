package org.netdissect.align;

import java.nio.ByteBuffer;

/** Non-negative numbers in seven bits a byte, low ones first; every byte but a number's last has its high bit set. */
final class Varints {
    static final int LONGEST = 9;

    private Varints() {}

    /** Appends a number, in at most {@link #LONGEST} bytes. */
    static void put(ByteBuffer bytes, long number) {
        long rest = number;
        while (rest > 0x7f) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    /** Reads a number; -1 if {@link #put} cannot have written the bytes. */
    static long get(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < 7 * LONGEST; shift += 7) {
            byte next = bytes.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return -1;
    }
}
