package org.netdissect.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Says of which layers the lower tail has nothing to look at. */
final class TiedTails {
    private TiedTails() {}

    /** A line for each view with tied units. */
    static List<String> notes(Collection<LayerResult> results) {
        List<String> notes = new ArrayList<>();
        for (LayerResult result : results) {
            if (result.tied() > 0) {
                notes.add("layer " + result.view().layer() + ": the lower tail of " + result.tied() + " of "
                        + result.shape().units()
                        + " units is tied at its least value, as behind a ReLU: they mark nothing");
            }
        }
        return notes;
    }
}
