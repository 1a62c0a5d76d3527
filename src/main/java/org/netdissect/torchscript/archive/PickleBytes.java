package org.netdissect.torchscript.archive;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.netdissect.base.InputException;

/** The bytes of one or more pickles, read in order; reading past the end is an error. */
public final class PickleBytes {
    /** Greatest length of a number in digits, far beyond 64 bits. */
    private static final int MAX_DIGITS = 100;

    private final String label;
    private final byte[] bytes;
    private int at;

    /** Wraps bytes; {@code label} names the pickle in errors. */
    public PickleBytes(String label, byte[] bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** Number of bytes read. */
    public int position() {
        return at;
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

    /** A little-endian number in two's complement; empty beyond 64 bits. */
    OptionalLong signed(int size) {
        need(size);
        if (size > Long.BYTES) {
            at += size;
            return OptionalLong.empty();
        }
        long value = size > 0 && bytes[at + size - 1] < 0 ? -1 : 0;
        for (int i = size - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xff);
        }
        at += size;
        return OptionalLong.of(value);
    }

    /** A line with a decimal number; empty beyond 64 bits. */
    OptionalLong decimal() {
        String line = line();
        String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
        try {
            return digits.length() > MAX_DIGITS ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** A line with a floating-point number. */
    double decimalReal() {
        String line = line();
        try {
            return line.length() > MAX_DIGITS ? Double.NaN : Double.parseDouble(line);
        } catch (NumberFormatException e) {
            throw damaged("a number is none");
        }
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

    /** A string of Python 2, whose bytes stand for themselves. */
    String latin1(int size) {
        need(size);
        at += size;
        return new String(bytes, at - size, size, StandardCharsets.ISO_8859_1);
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
