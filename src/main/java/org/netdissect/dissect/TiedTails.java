package org.netdissect.dissect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Notes on layers whose lower tail has nothing to mark. */
final class TiedTails {
    private TiedTails() {}

    /** A line for each view with tied units. */
    static List<String> notes(Collection<LayerResult> results) {
        List<String> notes = new ArrayList<>();
        for (LayerResult result : results) {
            int tied = result.tied().size();
            if (tied > 0) {
                notes.add("layer " + result.view().layer() + ": the lower tail of " + tied + " of "
                        + result.shape().units()
                        + " units is tied at its least value, as behind a ReLU: they mark nothing");
            }
        }
        return notes;
    }
}
