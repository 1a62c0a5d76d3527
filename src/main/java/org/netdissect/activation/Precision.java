package org.netdissect.activation;

import org.netdissect.base.Spelling;

/**
 * Precision of stored activations. Thresholds and masks are computed from the stored values, so a first run and a
 * cached run agree.
 */
public enum Precision {
    /** IEEE 754 single precision, as the engine computes. */
    FLOAT32(4, "<f4"),
    /** IEEE 754 half precision: half the disk; values beyond 65504 are refused. */
    FLOAT16(2, "<f2");

    private final int bytes;
    private final String npyType;

    Precision(int bytes, String npyType) {
        this.bytes = bytes;
        this.npyType = npyType;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /** NumPy's name of the type, {@code descr} in the header. */
    public String npyType() {
        return npyType;
    }

    /** The option's spelling, {@code float32} or {@code float16}. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
