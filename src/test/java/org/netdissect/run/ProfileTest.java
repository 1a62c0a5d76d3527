package org.netdissect.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileTest {
    @Test
    void theReadoutOf1000QuantilesLiesAtNumber994() {
        BigDecimal fraction = QuantileRule.READOUT.above(new BigDecimal("0.005"));
        assertEquals(5 / 999.0, fraction.doubleValue(), 1e-15);
        // 999 values, their ranks from 0: exactly five lie above the one at 994/999, though 5/999 has no last digit
        assertEquals(5, org.netdissect.activation.threshold.QuantileRank.of(fraction, 999));
        assertEquals(5 * 147, org.netdissect.activation.threshold.QuantileRank.of(fraction, 999 * 147));
        // int(1000 * (1 - 0.29)) - 1 = 709
        assertEquals(
                290 / 999.0, QuantileRule.READOUT.above(new BigDecimal("0.29")).doubleValue(), 1e-15);
        assertEquals(new BigDecimal("0.005"), QuantileRule.EXACT.above(new BigDecimal("0.005")));
    }

    @Test
    void profilesDifferInWhatTheyRecord() {
        Set<Object> all = new HashSet<>();
        for (Profile profile : Profile.values()) {
            all.add(profile.settings().recorded());
        }
        assertEquals(Profile.values().length, all.size());
        assertTrue(Profile.PAPER.settings().recorded().containsKey("label-zero"));
    }
}
