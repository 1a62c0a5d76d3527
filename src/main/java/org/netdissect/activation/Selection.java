package org.netdissect.activation;

/** Partial ordering in place: quickselect with a three-way partition, linear also where most values are equal. */
final class Selection {
    private Selection() {}

    /**
     * Reorders {@code values[0 .. count-1]} so that the value of descending rank {@code rank} stands at that index, none
     * smaller before it and none greater after it.
     */
    static void descending(float[] values, int count, int rank) {
        int from = 0;
        int to = count - 1;
        while (from < to) {
            float pivot = median(values[from], values[(from + to) >>> 1], values[to]);
            int greater = from;
            int lesser = to;
            int at = from;
            while (at <= lesser) {
                float value = values[at];
                if (value > pivot) {
                    values[at++] = values[greater];
                    values[greater++] = value;
                } else if (value < pivot) {
                    values[at] = values[lesser];
                    values[lesser--] = value;
                } else {
                    at++;
                }
            }
            if (rank < greater) {
                to = greater - 1;
            } else if (rank > lesser) {
                from = lesser + 1;
            } else {
                return;
            }
        }
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
