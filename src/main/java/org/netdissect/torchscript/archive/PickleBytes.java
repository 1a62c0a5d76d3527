package org.netdissect.torchscript.archive;

import java.nio.charset.StandardCharsets;
import org.netdissect.base.InputException;

/** The bytes of a pickle, read in order; reading past the end is an error. */
final class PickleBytes {
    private final String label;
    private final byte[] bytes;
    private int at;

    /** Wraps bytes; {@code label} names the pickle in errors. */
    PickleBytes(String label, byte[] bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** A little-endian number of up to four bytes; four bytes may give a negative number. */
    int unsigned(int size) {
        int value = 0;
        need(size);
        for (int i = 0; i < size; i++) {
            value |= (bytes[at++] & 0xff) << (8 * i);
        }
        return value;
    }

    /** A length of eight bytes, whose upper four must be zero. */
    int longLength() {
        int low = unsigned(4);
        if (unsigned(4) != 0) {
            throw damaged("an item runs past the end");
        }
        return low;
    }

    /** A little-endian number in two's complement of any size, truncated to its lowest 64 bits. */
    long signed(int size) {
        need(size);
        long value = size > 0 && bytes[at + size - 1] < 0 ? -1 : 0;
        for (int i = Math.min(size, Long.BYTES) - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xff);
        }
        at += size;
        return value;
    }

    /** A big-endian double of eight bytes. */
    double real() {
        need(Double.BYTES);
        long bits = 0;
        for (int i = 0; i < Double.BYTES; i++) {
            bits = (bits << 8) | (bytes[at++] & 0xff);
        }
        return Double.longBitsToDouble(bits);
    }

    String string(int size) {
        need(size);
        at += size;
        return new String(bytes, at - size, size, StandardCharsets.UTF_8);
    }

    String line() {
        int start = at;
        while (unsigned(1) != '\n') {}
        return new String(bytes, start, at - 1 - start, StandardCharsets.UTF_8);
    }

    void skip(int size) {
        need(size);
        at += size;
    }

    private void need(int size) {
        if (size < 0 || size > bytes.length - at) {
            throw damaged("an item runs past the end");
        }
    }

    InputException damaged(String problem) {
        return new InputException(label + ": damaged pickle at byte " + at + ": " + problem);
    }
}
