package org.netdissect.activation;

/** T_k of every unit of a layer. Immutable. */
public final class Thresholds {
    /** [units] */
    private final float[] values;

    private final double rankError;

    /** Exact or given thresholds: copies {@code [units]} values. */
    public Thresholds(float[] values) {
        this(values, 0);
    }

    /**
     * Thresholds that may be off by some ranks.
     *
     * @param rankError see {@link #rankError}
     */
    public Thresholds(float[] values, double rankError) {
        this.values = values.clone();
        this.rankError = rankError;
    }

    /** Number of units. */
    public int units() {
        return values.length;
    }

    /** T_k of one unit, 0-based. */
    public float of(int unit) {
        return values[unit];
    }

    /**
     * Greatest distance between a threshold's rank and the requested rank, as a fraction of a unit's activations; 0 for
     * exact thresholds.
     */
    public double rankError() {
        return rankError;
    }

    /** Negated thresholds. None is -0.0. */
    public Thresholds negated() {
        float[] negated = new float[values.length];
        for (int unit = 0; unit < negated.length; unit++) {
            negated[unit] = 0f - values[unit];
        }
        return new Thresholds(negated, rankError);
    }

    /** A copy, {@code [units]}. */
    public float[] toArray() {
        return values.clone();
    }
}
