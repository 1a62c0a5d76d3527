package org.netdissect.report;

import java.util.List;
import org.netdissect.align.ActiveUnit;
import org.netdissect.base.GridSize;

/**
 * What a network makes of one image: the units above their thresholds, with their concepts, and the network's own answer.
 *
 * @param image the file, as given
 * @param imageSize of the image as stored
 * @param inputSize of the network's input, to which the image was resized; masks are on this grid
 * @param iouThreshold a detector's score is greater
 * @param classes the network's most probable classes; empty where their names are not known
 * @param layers in the order asked for
 */
public record ImageExplanation(
        String image,
        GridSize imageSize,
        GridSize inputSize,
        double iouThreshold,
        List<TopClass> classes,
        List<Layer> layers) {

    /** Copies the lists. */
    public ImageExplanation {
        classes = List.copyOf(classes);
        layers = List.copyOf(layers);
    }

    /**
     * A class the network may see in the image.
     *
     * @param index 0-based
     * @param probability 0 to 1
     */
    public record TopClass(int index, String name, double probability) {}

    /**
     * One layer.
     *
     * @param name dotted
     * @param units of the layer
     * @param active units whose mask is not empty
     * @param activeDetectors those of them that are detectors
     * @param shown the most active units, in order
     */
    public record Layer(String name, int units, int active, int activeDetectors, List<Unit> shown) {
        /** Copies the list. */
        public Layer {
            shown = List.copyOf(shown);
        }
    }

    /**
     * A unit on the image.
     *
     * @param activity where it is above its threshold
     * @param category of its label, or empty for a unit without one
     * @param label as in detectors.csv, or empty
     * @param score the label's IoU over the probe set
     * @param detector whether the score makes it a detector
     */
    public record Unit(ActiveUnit activity, String category, String label, double score, boolean detector) {
        /** As in the tables, from 1. */
        public int number() {
            return activity.unit() + 1;
        }
    }
}
