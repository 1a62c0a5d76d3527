package org.netdissect.activation;

/** T_k of every unit of a layer. Immutable. */
public final class Thresholds {
    /** [units] */
    private final float[] values;

    /** Copies {@code [units]} values. */
    public Thresholds(float[] values) {
        this.values = values.clone();
    }

    /** Number of units. */
    public int units() {
        return values.length;
    }

    /** T_k of one unit, 0-based. */
    public float of(int unit) {
        return values[unit];
    }

    /** A copy, {@code [units]}. */
    public float[] toArray() {
        return values.clone();
    }
}
