package org.netdissect.align;

/** Counts labels, and resets in time proportional to the labels seen. One per thread. */
final class LabelTally {
    private final int[] count;
    private final int[] seen;
    private int seenCount;

    LabelTally(int labels) {
        this.count = new int[labels];
        this.seen = new int[labels];
    }

    /** Adds a label {@code times} times, at least once. */
    void add(int label, int times) {
        if (count[label] == 0) {
            seen[seenCount++] = label;
        }
        count[label] += times;
    }

    /** Receives a label's number and count. */
    interface Sink {
        void add(int label, long count);
    }

    /** Passes on the counts of all labels but 0 (unlabelled), and resets. */
    void drain(Sink sink) {
        for (int i = 0; i < seenCount; i++) {
            int label = seen[i];
            if (label != 0) {
                sink.add(label, count[label]);
            }
            count[label] = 0;
        }
        seenCount = 0;
    }
}
