package org.netdissect.visualize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;
import org.netdissect.visualize.space.EightBitImage;
import org.netdissect.visualize.space.RandomSource;
import org.netdissect.visualize.space.Transforms;

/**
 * Quality of a finished image, as stored in 8 bits, without looking at it. What is not known or not finite is null.
 *
 * @param end score of the image
 * @param probeBest greatest score of a probe image, the least where it is minimised
 * @param underMoves median score under {@value #MOVES} moves that the ascent has not seen
 * @param firstUnderMoves share of the moves under which no other unit or direction stands out more from the probe
 *     images: none has a greater {@link ProbeStatistics#z}, or a smaller one where it is minimised
 * @param spectrumDistance {@link ProbeStatistics#spectrumDistances}
 */
record Quality(
        @Nullable Double end,
        @Nullable Double probeBest,
        @Nullable Double underMoves,
        @Nullable Double firstUnderMoves,
        @Nullable Double spectrumDistance) {
    private static final int MOVES = 24;

    /** The quality of an image with pixels that are not numbers. */
    private static final Quality NONE = new Quality(null, null, null, null, null);

    /** Moves somewhat wider than the ascent's standard ones; the shift is a share of the shorter side. */
    private static Transforms heldOut(GridSize size) {
        return new Transforms(0.12 * Math.min(size.height(), size.width()), 0.8, 1.2, 15, 0);
    }

    /**
     * Measures a batch of images.
     *
     * @param probe null where there is no probe set, or none of the image's channels
     * @param images {@code [images][channels][height][width]}, from 0 to 1
     * @param group target of each image
     */
    static List<Quality> of(
            LayerNetwork network, @Nullable ProbeStatistics probe, FloatTensor images, List<Target> group, long seed) {
        boolean[] isNumber = new boolean[group.size()];
        FloatTensor stored = stored(images, isNumber);
        FloatTensor still = network.scores(stored, new FloatTensor(new float[1], 1));
        FloatTensor moved = network.scores(stored, moves(stored, group, seed));
        double[] distances = probe == null ? new double[0] : probe.spectrumDistances(network, stored);
        List<Quality> qualities = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            Target target = group.get(i);
            qualities.add(
                    !isNumber[i]
                            ? NONE
                            : new Quality(
                                    finite(row(still, 0, i)[target.index()]),
                                    probe == null ? null : finite(probe.best(target.index(), target.negative())),
                                    finite(median(column(moved, i, target.index()))),
                                    probe == null ? null : firstUnderMoves(probe, moved, i, target),
                                    probe == null ? null : finite(distances[i])));
        }
        return qualities;
    }

    /** The images after rounding to 8 bits; grey ones in place of those that are no numbers. */
    private static FloatTensor stored(FloatTensor images, boolean[] isNumber) {
        float[] values = new float[images.values().length];
        int numbers = values.length / isNumber.length;
        for (int i = 0; i < isNumber.length; i++) {
            isNumber[i] = EightBitImage.isNumber(images, i);
            if (isNumber[i]) {
                EightBitImage.of(images, i).writeTo(values, i * numbers);
            } else {
                Arrays.fill(values, i * numbers, (i + 1) * numbers, 0.5f);
            }
        }
        return new FloatTensor(values, images.shape());
    }

    /** The moves {@code [moves][images][2][3]} that the ascent has not seen. */
    static FloatTensor moves(FloatTensor images, List<Target> group, long seed) {
        GridSize size = new GridSize(Math.toIntExact(images.shape()[2]), Math.toIntExact(images.shape()[3]));
        Transforms transforms = heldOut(size);
        float[] matrices = new float[MOVES * group.size() * Transforms.NUMBERS];
        for (int move = 0; move < MOVES; move++) {
            for (int i = 0; i < group.size(); i++) {
                transforms.draw(
                        RandomSource.of(seed, group.get(i).purpose(Target.TESTS, move)),
                        size,
                        matrices,
                        (move * group.size() + i) * Transforms.NUMBERS);
            }
        }
        return new FloatTensor(matrices, MOVES, group.size(), 2, 3);
    }

    /** Scores of an image under a move. */
    private static float[] row(FloatTensor scores, int move, int image) {
        int columns = Math.toIntExact(scores.shape()[2]);
        int at = Math.toIntExact((move * scores.shape()[1] + image) * columns);
        return Arrays.copyOfRange(scores.values(), at, at + columns);
    }

    private static double[] column(FloatTensor scores, int image, int column) {
        double[] values = new double[Math.toIntExact(scores.shape()[0])];
        for (int move = 0; move < values.length; move++) {
            values[move] = row(scores, move, image)[column];
        }
        return values;
    }

    /** The median, that of the middle two for an even number; NaN where a value is NaN. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        // NaN sorts last
        return Double.isNaN(sorted[sorted.length - 1])
                ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Null where the target has no z, or no other column has one. */
    static @Nullable Double firstUnderMoves(ProbeStatistics probe, FloatTensor moved, int image, Target target) {
        int others = 0;
        for (int column = 0; column < probe.columns(); column++) {
            others += column != target.index() && probe.hasZ(column) ? 1 : 0;
        }
        if (others == 0 || !probe.hasZ(target.index())) {
            return null;
        }
        int moves = Math.toIntExact(moved.shape()[0]);
        int first = 0;
        for (int move = 0; move < moves; move++) {
            first += isFirst(probe, row(moved, move, image), target) ? 1 : 0;
        }
        return (double) first / moves;
    }

    private static boolean isFirst(ProbeStatistics probe, float[] scores, Target target) {
        int sign = target.negative() ? -1 : 1;
        double own = sign * probe.z(target.index(), scores[target.index()]);
        for (int column = 0; column < scores.length; column++) {
            // false for NaN
            if (sign * probe.z(column, scores[column]) > own) {
                return false;
            }
        }
        return Double.isFinite(own);
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
