package org.netdissect;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts the items and images of a benchmark, so that its time can be given for each. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class BenchItems {
    /** Activations, label pixels or images, by the benchmark's class. */
    public long items;

    public long images;

    public void add(long moreItems, long moreImages) {
        items += moreItems;
        images += moreImages;
    }
}
