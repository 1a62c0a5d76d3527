package org.netdissect.activation.threshold;

/** In-place quickselect that groups equal values, linear even if most values are equal. */
final class QuickSelect {
    private QuickSelect() {}

    /**
     * Reorders {@code values[0 .. count-1]} so that the value of descending rank {@code rank} stands at that index,
     * none smaller before it and none greater after it.
     */
    static void descending(float[] values, int count, int rank) {
        int from = 0;
        int to = count - 1;
        while (from < to) {
            float pivot = median(values[from], values[(from + to) >>> 1], values[to]);
            int greater = greaterFirst(values, from, to, pivot);
            if (rank < greater) {
                to = greater - 1;
                continue;
            }
            int equal = equalFirst(values, greater, to, pivot);
            if (rank < equal) {
                return;
            }
            from = equal;
        }
    }

    /**
     * Moves values above the pivot to the front; returns the position after them. Every value is swapped, even with
     * itself: a mispredicted branch costs more.
     */
    private static int greaterFirst(float[] values, int from, int to, float pivot) {
        int at = from;
        for (int i = from; i <= to; i++) {
            float value = values[i];
            values[i] = values[at];
            values[at] = value;
            at += value > pivot ? 1 : 0;
        }
        return at;
    }

    /** Moves values equal to the pivot to the front, given that none is greater. */
    private static int equalFirst(float[] values, int from, int to, float pivot) {
        int at = from;
        for (int i = from; i <= to; i++) {
            float value = values[i];
            if (value == pivot) {
                values[i] = values[at];
                values[at++] = value;
            }
        }
        return at;
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
