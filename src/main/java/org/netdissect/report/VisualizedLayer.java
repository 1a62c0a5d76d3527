package org.netdissect.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.result.Visualized;

/**
 * A layer's images by optimisation for its contact sheet, so far or all of them.
 *
 * @param heading of the page, such as the network's name and the layer
 * @param version of the program
 * @param provenance lines on the origin of the images
 * @param categories of the dissection, in order, for their colours; empty without one
 * @param items images in any order; those without a file yet are left out
 */
public record VisualizedLayer(
        String heading, String version, List<String> provenance, List<String> categories, List<Item> items) {
    public VisualizedLayer {
        provenance = List.copyOf(provenance);
        categories = List.copyOf(categories);
        items = List.copyOf(items);
    }

    /**
     * One image.
     *
     * @param concept of its unit, or null without a dissection
     */
    public record Item(Visualized row, @Nullable Concept concept) {}

    /**
     * A unit's concept by a dissection.
     *
     * @param label display name, empty for none
     * @param category of the label, empty for none
     * @param detector whether the IoU is above the threshold
     */
    public record Concept(String label, String category, double iou, boolean detector) {}
}
