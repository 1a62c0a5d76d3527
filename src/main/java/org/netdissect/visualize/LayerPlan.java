package org.netdissect.visualize;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.MapArrangement;
import org.netdissect.report.VisualizedLayer;

/**
 * The images to make for one layer, known before the first one.
 *
 * @param tap the layer, or the network's output
 * @param name of the layer's folder and of its page
 * @param targets in the order in which their images are made
 * @param directions {@code [directions][units]}, or null for other objectives
 * @param concepts by channel; empty without a run
 * @param categories of the run, in order
 */
record LayerPlan(
        String tap,
        String name,
        MapArrangement arrangement,
        List<Target> targets,
        @Nullable FloatTensor directions,
        Map<Integer, VisualizedLayer.Concept> concepts,
        List<String> categories) {}
