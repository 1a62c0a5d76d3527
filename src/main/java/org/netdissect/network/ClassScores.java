package org.netdissect.network;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.netdissect.base.RunException;

/** Probabilities of a network's classes. */
public final class ClassScores {
    /** Tolerance of the sum, for float32 over some thousands of classes. */
    private static final double ROUNDING = 1e-3;

    private ClassScores() {}

    /**
     * A class of the network.
     *
     * @param index 0-based
     * @param probability 0 to 1
     */
    public record Ranked(int index, double probability) {}

    /**
     * The most probable classes, equal ones by index. Scores that are not negative and have the sum 1 are probabilities
     * already; the softmax turns any others into them.
     *
     * @throws RunException where a score is not finite
     */
    public static List<Ranked> top(float[] scores, int most) {
        double[] probabilities = probabilities(scores);
        List<Ranked> ranked = new ArrayList<>();
        for (int index = 0; index < probabilities.length; index++) {
            ranked.add(new Ranked(index, probabilities[index]));
        }
        ranked.sort(Comparator.comparingDouble((Ranked one) -> -one.probability()));
        return List.copyOf(ranked.subList(0, Math.min(most, ranked.size())));
    }

    /** Whether scores are probabilities already, which are not negative and have the sum 1. */
    public static boolean areProbabilities(float[] scores) {
        double sum = 0;
        for (float score : scores) {
            if (!(score >= 0)) {
                return false;
            }
            sum += score;
        }
        return Math.abs(sum - 1) <= ROUNDING;
    }

    private static double[] probabilities(float[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        double least = Double.POSITIVE_INFINITY;
        double sum = 0;
        for (float score : scores) {
            if (!Float.isFinite(score)) {
                throw new RunException("the network's output is " + score + " for a class");
            }
            largest = Math.max(largest, score);
            least = Math.min(least, score);
            sum += score;
        }
        boolean already = least >= 0 && Math.abs(sum - 1) <= ROUNDING;
        double[] probabilities = new double[scores.length];
        double total = 0;
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = already ? scores[i] : Math.exp(scores[i] - largest);
            total += probabilities[i];
        }
        for (int i = 0; i < scores.length && !already; i++) {
            probabilities[i] /= total;
        }
        return probabilities;
    }
}
