package org.netdissect.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.Mask;
import org.netdissect.align.MaskGeometry;
import org.netdissect.base.GridSize;
import org.netdissect.labels.LabelTable;

/**
 * The explanation of one image: the units above their thresholds with their concepts, and the network's top classes.
 *
 * @param run folder of the run that thresholds and concepts are from
 * @param model the network's archive
 * @param image the file, as given
 * @param imageSize of the image as stored
 * @param inputSize of the network's input, to which the image was resized; masks are on this grid
 * @param iouThreshold a detector's score is greater
 * @param usualArea mean share of an image of the run that a unit's mask covers, if it is known
 * @param categories of the run's labels
 * @param classes the network's most probable classes; empty if their names are unknown
 * @param layers in the order of the run
 * @param attribution of a class to the layers, or null
 */
public record ImageExplanation(
        String run,
        String model,
        String image,
        GridSize imageSize,
        GridSize inputSize,
        double iouThreshold,
        OptionalDouble usualArea,
        List<String> categories,
        List<TopClass> classes,
        List<Layer> layers,
        @Nullable ClassAttribution attribution) {

    public ImageExplanation {
        categories = List.copyOf(categories);
        classes = List.copyOf(classes);
        layers = List.copyOf(layers);
    }

    /** The explanation with the attribution of a class. */
    public ImageExplanation with(ClassAttribution added) {
        return new ImageExplanation(
                run, model, image, imageSize, inputSize, iouThreshold, usualArea, categories, classes, layers, added);
    }

    /**
     * One of the network's most probable classes.
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
     * @param active the units whose mask is not empty, most active first
     * @param shown the active units to list
     */
    public record Layer(String name, int units, List<Unit> active, List<Unit> shown) {
        public Layer {
            active = List.copyOf(active);
            shown = List.copyOf(shown);
        }

        /** Active units that are detectors. */
        public int activeDetectors() {
            return (int) active.stream().filter(Unit::detector).count();
        }

        /** The concepts of all active detectors, by falling share of the image. */
        public List<SeenConcept> concepts() {
            Map<String, SeenConcept> concepts = new LinkedHashMap<>();
            for (Unit unit : active) {
                if (unit.detector()) {
                    SeenConcept alone = new SeenConcept(
                            unit.label(),
                            unit.category(),
                            List.of(unit.number()),
                            unit.activity().mask());
                    concepts.merge(unit.category() + "\n" + unit.label(), alone, SeenConcept::with);
                }
            }
            List<SeenConcept> sorted = new ArrayList<>(concepts.values());
            sorted.sort(Comparator.comparingInt(
                    (SeenConcept concept) -> -concept.mask().size()));
            return sorted;
        }
    }

    /**
     * A concept that active detectors have.
     *
     * @param label as in detectors.csv
     * @param units numbers from 1 of its active detectors, most active first
     * @param mask union of their masks
     */
    public record SeenConcept(String label, String category, List<Integer> units, Mask mask) {
        private SeenConcept with(SeenConcept other) {
            List<Integer> both = new ArrayList<>(units);
            both.addAll(other.units);
            return new SeenConcept(label, category, List.copyOf(both), MaskGeometry.union(mask, other.mask));
        }

        /** Share of the image that the mask covers, 0 to 1. */
        public double area() {
            return MaskGeometry.share(mask);
        }

        /** The label without the suffix of scenes and colours. */
        public String name() {
            return LabelTable.displayName(label);
        }
    }

    /**
     * A unit on the image.
     *
     * @param activity its mask and peak
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
