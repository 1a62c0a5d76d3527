package org.netdissect.visualize.space;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.netdissect.network.FloatTensor;

class ColoursTest {
    @Test
    void decorrelatingIsTheInverse() {
        for (int channels : new int[] {1, 2, 3, 4, 13}) {
            FloatTensor there = Colours.correlating(channels);
            FloatTensor back = Colours.decorrelating(channels);
            for (int i = 0; i < channels; i++) {
                for (int j = 0; j < channels; j++) {
                    double sum = 0;
                    double other = 0;
                    for (int k = 0; k < channels; k++) {
                        sum += (double) there.values()[i * channels + k] * back.values()[k * channels + j];
                        other += (double) back.values()[i * channels + k] * there.values()[k * channels + j];
                    }
                    assertEquals(i == j ? 1 : 0, sum, 1e-6);
                    assertEquals(i == j ? 1 : 0, other, 1e-6);
                }
            }
        }
    }

    /** The root over its longest column, the first: .26^2 + .27^2 + .27^2. */
    @Test
    void valuesOfLucid() {
        double longest = Math.sqrt(.26 * .26 + .27 * .27 + .27 * .27);
        float[] expected = {.26f, .09f, .02f, .27f, 0, -.05f, .27f, -.09f, .03f};
        float[] values = Colours.correlating(3).values();
        for (int i = 0; i < 9; i++) {
            assertEquals(expected[i] / longest, values[i], 1e-6);
        }
    }
}
