package org.netdissect.align;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;

/** Reads the numbers that {@link PackedOutput} wrote, from untrusted bytes. */
final class PackedInput {
    private final ByteBuffer bytes;

    PackedInput(ByteBuffer bytes) {
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads a varint of 0 to {@code most}. */
    int number(int most) throws DataFormatException {
        return (int) number((long) most);
    }

    /** Reads a varint of 0 to {@code most}. */
    long number(long most) throws DataFormatException {
        long number;
        try {
            number = varint(bytes);
        } catch (BufferUnderflowException e) {
            throw endsEarly();
        }
        if (number < 0 || number > most) {
            throw new DataFormatException("it has a number out of range");
        }
        return number;
    }

    /** Reads a varint; returns -1 if {@link PackedOutput#number} cannot have written the bytes. */
    static long varint(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < 7 * PackedOutput.LONGEST; shift += 7) {
            byte next = bytes.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return -1;
    }

    int bits() throws DataFormatException {
        if (remaining() < Integer.BYTES) {
            throw endsEarly();
        }
        return bytes.getInt();
    }

    /** Reads what {@link PackedOutput#sparse} wrote into an array of zeros. */
    void sparse(long[] numbers) throws DataFormatException {
        int at = number(numbers.length);
        while (at < numbers.length) {
            numbers[at++] = number(Long.MAX_VALUE);
            at += number(numbers.length - at);
        }
    }

    /** Number of bytes not read yet, an upper bound for the numbers still to read. */
    int remaining() {
        return bytes.remaining();
    }

    private static DataFormatException endsEarly() {
        return new DataFormatException("it ends early");
    }
}
