package org.netdissect.activation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {
    @Test
    void everyHalfComesBackFromSinglePrecision() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfFloats.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertEquals((short) bits, HalfFloats.fromFloat(value), "bits " + Integer.toHexString(bits));
            }
        }
    }

    @Test
    void knownValues() {
        assertEquals(1f, HalfFloats.toFloat((short) 0x3c00));
        assertEquals(-2f, HalfFloats.toFloat((short) 0xc000));
        assertEquals(65504f, HalfFloats.toFloat((short) 0x7bff));
        assertEquals(5.9604645e-8f, HalfFloats.toFloat((short) 1));
        assertEquals((short) 0x7c00, HalfFloats.fromFloat(65520f));
        assertEquals((short) 0x7bff, HalfFloats.fromFloat(65519.996f));
        assertTrue(Float.isNaN(HalfFloats.toFloat(HalfFloats.fromFloat(Float.NaN))));
    }

    @Test
    void roundsToTheNearestHalfTiesToEven() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            float value = (float) Math.scalb(random.nextDouble() * 2 - 1, random.nextInt(44) - 27);
            short half = HalfFloats.fromFloat(value);
            double error = Math.abs((double) HalfFloats.toFloat(half) - value);
            for (int step = -1; step <= 1; step += 2) {
                double other = HalfFloats.toFloat((short) (half + step));
                if (Double.isFinite(other)) {
                    double otherError = Math.abs(other - value);
                    assertTrue(
                            error < otherError || (error == otherError && (half & 1) == 0),
                            value + " became " + HalfFloats.toFloat(half) + ", nearer is " + other);
                }
            }
        }
    }
}
