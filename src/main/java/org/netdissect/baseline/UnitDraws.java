package org.netdissect.baseline;

import java.util.Arrays;

/** The draws of one unit. */
final class UnitDraws {
    private final int unit;
    /** observed best IoU, under the labels of the same image, and its label, 0 for none */
    private final double observed;

    private final int observedLabel;
    private final double mean;
    private final double chance95;
    /** [draws] best IoU and its label, 0 for none */
    private final double[] best;

    private final char[] label;
    /** number of draws for p; greater than the length of {@link #best} if the unit got more draws */
    private int draws;
    /** number of these draws whose best IoU is at least the observed one */
    private int asGreat;

    /** Draws from a file. */
    UnitDraws(
            int unit,
            double observed,
            int observedLabel,
            int draws,
            int asGreat,
            double mean,
            double chance95,
            double[] best,
            char[] label) {
        this.unit = unit;
        this.observed = observed;
        this.observedLabel = observedLabel;
        this.draws = draws;
        this.asGreat = asGreat;
        this.mean = mean;
        this.chance95 = chance95;
        this.best = best;
        this.label = label;
    }

    /** New draws; copies the arrays. */
    static UnitDraws of(int unit, double observed, int observedLabel, double[] best, int[] label) {
        double[] ascending = best.clone();
        Arrays.sort(ascending);
        char[] labels = new char[label.length];
        for (int draw = 0; draw < labels.length; draw++) {
            labels[draw] = (char) label[draw];
        }
        boolean drawn = best.length > 0;
        return new UnitDraws(
                unit,
                observed,
                observedLabel,
                best.length,
                asGreat(best, observed),
                drawn ? Arrays.stream(best).sum() / best.length : 0,
                drawn ? Quantiles.of(ascending, 950) : 0,
                best.clone(),
                labels);
    }

    static int asGreat(double[] best, double observed) {
        int asGreat = 0;
        for (double iou : best) {
            asGreat += iou >= observed ? 1 : 0;
        }
        return asGreat;
    }

    /** Replaces the draws for p by a greater number, which includes the first ones. */
    void replace(double[] more) {
        draws = more.length;
        asGreat = asGreat(more, observed);
    }

    int unit() {
        return unit;
    }

    double observed() {
        return observed;
    }

    int observedLabel() {
        return observedLabel;
    }

    int draws() {
        return draws;
    }

    int asGreat() {
        return asGreat;
    }

    double mean() {
        return mean;
    }

    double chance95() {
        return chance95;
    }

    double[] best() {
        return best;
    }

    char[] label() {
        return label;
    }

    /** Share of draws with an IoU at least as great as observed, the observed pairing included. */
    double p() {
        return (double) (asGreat + 1) / (draws + 1);
    }

    /** Returns a copy without the draws themselves. */
    UnitDraws summed() {
        return new UnitDraws(unit, observed, observedLabel, draws, asGreat, mean, chance95, new double[0], new char[0]);
    }
}
