package org.netdissect.align;

import java.nio.ByteBuffer;

/** Numbers of 0 and more in seven bits a byte, low ones first; all bytes of a number but its last have the high bit set. */
final class Varints {
    static final int LONGEST = 9;

    private Varints() {}

    /** Takes {@link #LONGEST} bytes at most. */
    static void put(ByteBuffer bytes, long number) {
        long rest = number;
        while (rest > 0x7f) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    /** A number, or -1 where the bytes are none that {@link #put} writes. */
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
