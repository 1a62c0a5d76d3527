package org.netdissect.activation;

/** Conversion between half and single precision, which JDK 17 lacks (JDK 20 has Float.float16ToFloat). */
final class HalfFloats {
    private static final float[] SINGLE = table();

    private HalfFloats() {}

    static float toFloat(short half) {
        return SINGLE[half & 0xffff];
    }

    /** Rounds to nearest, ties to even, as IEEE 754 and NumPy do. Overflow gives infinity. */
    static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude >= 0x7f800000) {
            return (short) (sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00));
        }
        if (magnitude >= 0x477ff000) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) {
            // Below 2^-14 halves are multiples of 2^-24; Math.rint breaks ties to even.
            return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
        }
        int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
        return (short) (sign | (rounded >>> 13) - (112 << 10));
    }

    private static float[] table() {
        float[] table = new float[1 << 16];
        for (int bits = 0; bits < table.length; bits++) {
            int exponent = bits >>> 10 & 0x1f;
            int fraction = bits & 0x3ff;
            double magnitude = switch (exponent) {
                case 0 -> fraction * 0x1p-24;
                case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                default -> (1024 + fraction) * Math.scalb(1.0, exponent - 25);
            };
            table[bits] = (float) (bits >= 0x8000 ? -magnitude : magnitude);
        }
        return table;
    }
}
