package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;
import org.netdissect.result.Visualized;
import org.netdissect.visualize.space.Moments;
import org.netdissect.visualize.space.RadialSpectrum;

class QualityTest {
    private static ProbeStatistics statistics(float[]... rows) {
        Moments scores = new Moments(rows[0].length);
        for (float[] row : rows) {
            scores.add(row, 0);
        }
        RadialSpectrum rings = new RadialSpectrum(new GridSize(4, 4), 1);
        return new ProbeStatistics(scores, rings, new Moments(rings.columns()));
    }

    private static Target target(int column, boolean negative) {
        return new Target(Visualized.Objective.CHANNEL, column, negative, 1, "");
    }

    @Test
    void medians() {
        assertEquals(3, Quality.median(new double[] {9, 1, 3}));
        assertEquals(2, Quality.median(new double[] {9, 1, 3, -5}));
        assertEquals(-0.5, Quality.median(new double[] {0, -1}));
        assertTrue(Double.isNaN(Quality.median(new double[] {1, Double.NaN, 3})));
        double infinite = Quality.median(new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY});
        assertTrue(Double.isNaN(infinite));
    }

    /** Ranks by a plain loop over all columns, with columns that have no z in between. */
    @Test
    void sharesEqualARanking() {
        Random random = new Random(8);
        int columns = 7;
        float[][] probe = new float[12][columns];
        for (float[] row : probe) {
            for (int column = 0; column < columns; column++) {
                row[column] = (float) ((column + 1) * random.nextGaussian() + column);
            }
            row[4] = 2;
        }
        probe[5][6] = Float.NaN;
        ProbeStatistics statistics = statistics(probe);
        int moves = 24;
        FloatTensor moved = new FloatTensor(new float[moves * 2 * columns], moves, 2, columns);
        for (int i = 0; i < moved.values().length; i++) {
            int column = i % columns;
            moved.values()[i] = (float) ((column + 1) * random.nextGaussian() + column + (column == 1 ? 3 : 0));
            if (column == 4 || column == 6) {
                moved.values()[i] = 1e6f;
            }
        }
        moved.values()[columns + 1] = Float.NaN;
        moved.values()[columns * 3] = Float.NaN;
        boolean between = false;
        for (int image = 0; image < 2; image++) {
            for (int column : new int[] {0, 1, 2, 3, 5}) {
                for (boolean negative : new boolean[] {false, true}) {
                    int first = 0;
                    for (int move = 0; move < moves; move++) {
                        int best = -1;
                        double extreme = 0;
                        for (int other : new int[] {0, 1, 2, 3, 5}) {
                            double mean = 0;
                            double squares = 0;
                            for (float[] row : probe) {
                                mean += row[other] / 12.0;
                            }
                            for (float[] row : probe) {
                                squares += (row[other] - mean) * (row[other] - mean) / 12;
                            }
                            double z =
                                    (moved.values()[(move * 2 + image) * columns + other] - mean) / Math.sqrt(squares);
                            if (!Double.isNaN(z) && (best < 0 || (negative ? z < extreme : z > extreme))) {
                                best = other;
                                extreme = z;
                            }
                        }
                        first += best == column ? 1 : 0;
                    }
                    Double share = Quality.firstUnderMoves(statistics, moved, image, target(column, negative));
                    assertEquals(first / 24.0, share);
                    between |= first > 0 && first < moves;
                }
            }
            for (int without : new int[] {4, 6}) {
                assertNull(Quality.firstUnderMoves(statistics, moved, image, target(without, false)));
            }
        }
        assertTrue(between);
    }

    @Test
    void aColumnAloneIsNotFirst() {
        FloatTensor moved = new FloatTensor(new float[] {5, 5}, 2, 1, 1);
        ProbeStatistics one = statistics(new float[] {1}, new float[] {2});
        assertNull(Quality.firstUnderMoves(one, moved, 0, target(0, false)));
        FloatTensor two = new FloatTensor(new float[] {5, 5, 5, 5}, 2, 1, 2);
        ProbeStatistics other = statistics(new float[] {1, 3}, new float[] {2, 3});
        assertNull(Quality.firstUnderMoves(other, two, 0, target(0, false)));
    }

    /** Two units that do the same are both first. */
    @Test
    void equalColumnsAreBothFirst() {
        FloatTensor moved = new FloatTensor(new float[] {5, 5}, 1, 1, 2);
        ProbeStatistics same = statistics(new float[] {1, 1}, new float[] {2, 2});
        assertEquals(1.0, Quality.firstUnderMoves(same, moved, 0, target(0, false)));
        assertEquals(1.0, Quality.firstUnderMoves(same, moved, 0, target(1, false)));
    }

    @Test
    void oneProbeImageTellsNothingApart() {
        ProbeStatistics one = statistics(new float[] {1, 2});
        assertEquals(2, one.best(1, true));
        assertTrue(!one.hasZ(0));
        assertTrue(Double.isNaN(one.z(0, 3)));
    }
}
