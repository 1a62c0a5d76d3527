package org.netdissect.baseline;

/** Weights of an image in the draws of images: independent Poisson numbers of mean 1. */
final class PoissonWeights {
    /** [k] probability of at most k, for every k where it differs from 1 as a double */
    private static final double[] AT_MOST = atMost();

    private final CountedRandom random;

    PoissonWeights(long seed) {
        this.random = new CountedRandom(seed, CountedRandom.Use.WEIGHT);
    }

    private static double[] atMost() {
        double[] atMost = new double[18];
        double term = Math.exp(-1);
        double sum = 0;
        for (int k = 0; k < atMost.length; k++) {
            sum += term;
            atMost[k] = sum;
            term /= k + 1;
        }
        return atMost;
    }

    /** Fills in the image's weight in every draw. */
    void fill(int image, double[] weights) {
        for (int draw = 0; draw < weights.length; draw++) {
            weights[draw] = quantile(random.uniform(image, draw));
        }
    }

    private static int quantile(double uniform) {
        int k = 0;
        while (k < AT_MOST.length && uniform >= AT_MOST[k]) {
            k++;
        }
        return k;
    }
}
