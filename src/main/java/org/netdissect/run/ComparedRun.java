package org.netdissect.run;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One side of a comparison: a run, or a single table of another program.
 *
 * @param name short and unique in the comparison
 * @param settings all that the tables depend on, by name, with {@code inputs.} and {@code versions.}; empty if unknown
 * @param iou a detector's IoU is greater
 * @param layers in the order of the network
 */
public record ComparedRun(String name, Map<String, String> settings, double iou, List<ComparedLayer> layers) {

    /** Copies map and list. */
    public ComparedRun {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        layers = List.copyOf(layers);
    }

    /** The run with another IoU threshold. */
    public ComparedRun withIou(double other) {
        Map<String, String> changed = new TreeMap<>(settings);
        changed.computeIfPresent("iou", (name, iouOfRun) -> Double.toString(other));
        return new ComparedRun(name, changed, other, layers);
    }

    /** The run under another name. */
    public ComparedRun withName(String other) {
        return new ComparedRun(other, settings, iou, layers);
    }

    /** The layer of this name. */
    public Optional<ComparedLayer> layer(String layer) {
        return layers.stream().filter(one -> one.name().equals(layer)).findFirst();
    }
}
