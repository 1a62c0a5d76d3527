package org.netdissect;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts what a benchmark worked on, so that its time can be told per item and per image. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class BenchItems {
    /** Activations, label pixels or images: the benchmark's class says which. */
    public long items;

    public long images;

    public void add(long moreItems, long moreImages) {
        items += moreItems;
        images += moreImages;
    }
}
