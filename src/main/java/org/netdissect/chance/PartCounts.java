package org.netdissect.chance;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.align.CountColumns;
import org.netdissect.align.LabelWords;
import org.netdissect.align.MaskWords;

/** Counts of some units of one layer under every shift of every group, of which draws are sums. */
final class PartCounts {
    private final ChanceAnalysis.Layer layer;
    private final int from;
    private final int until;
    private final int width;
    /** [groups][shifts * units * columns] */
    private final List<int[]> counts = new ArrayList<>();

    private final ResampledScores resampled;

    /** All zero, of the units {@code from .. until - 1}. */
    PartCounts(ChanceAnalysis.Layer layer, int from, int until, CountColumns columns, Pairing pairing, int draws) {
        this.layer = layer;
        this.from = from;
        this.until = until;
        this.width = columns.width();
        for (Pairing.Group group : pairing.groups()) {
            counts.add(new int[Math.multiplyExact(group.shifts() * width, until - from)]);
        }
        this.resampled = new ResampledScores(layer.scores(), from, until, draws);
    }

    ChanceAnalysis.Layer layer() {
        return layer;
    }

    int from() {
        return from;
    }

    int until() {
        return until;
    }

    ResampledScores resampled() {
        return resampled;
    }

    /** Adds the masks of one image under the labels that they meet by one shift of their group; one thread a group. */
    void add(int group, int shift, MaskWords masks, LabelWords labels) {
        int[] sums = counts.get(group);
        for (int mask = 0; mask < masks.count(); mask++) {
            labels.count(masks, mask, sums, start(shift, masks.unit(mask)));
        }
    }

    /** Where the columns of a unit by a shift begin in the counts of a group. */
    int start(int shift, int unit) {
        return (shift * (until - from) + unit - from) * width;
    }

    /** {@code [shifts][units][columns]} of a group. */
    int[] counts(int group) {
        return counts.get(group);
    }
}
