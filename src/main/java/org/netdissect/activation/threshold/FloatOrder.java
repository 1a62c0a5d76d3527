package org.netdissect.activation.threshold;

/** Maps floats to integers of the same order; both zeros map to one. */
final class FloatOrder {
    private FloatOrder() {}

    /** Signed order of keys is the order of values. */
    static int key(float value) {
        // adding zero turns -0.0 into 0.0
        int bits = Float.floatToRawIntBits(value + 0.0f);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    static float value(int key) {
        return Float.intBitsToFloat(key ^ (key >> 31 & Integer.MAX_VALUE));
    }
}
