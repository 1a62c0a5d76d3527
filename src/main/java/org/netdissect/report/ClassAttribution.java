package org.netdissect.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;

/**
 * Attributions of one class's score to units and places of layers, for one image ("The Building Blocks of
 * Interpretability", Olah and others 2018): gradient of the score times activation.
 *
 * @param index of the class, 0-based
 * @param name of the class, or empty
 * @param score in the network's output
 * @param logarithm whether the output is probabilities, and the attribution that of their logarithm
 * @param layers in the order of the run
 */
public record ClassAttribution(int index, String name, double score, boolean logarithm, List<Layer> layers) {
    public ClassAttribution {
        layers = List.copyOf(layers);
    }

    /** Name for text: {@code beach (class 3)}, or {@code class 3}. */
    public String text() {
        return name.isEmpty() ? "class " + index : name + " (class " + index + ")";
    }

    /**
     * One layer.
     *
     * @param map size of a unit's map
     * @param places {@code [map cells]} sums over all units
     * @param sum over units and places
     * @param favouring units with the greatest attributions above 0, greatest first
     * @param opposing units with the least attributions below 0, least first
     * @param grid images of the cells' activations, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    public record Layer(
            String name,
            GridSize map,
            double[] places,
            double sum,
            List<Unit> favouring,
            List<Unit> opposing,
            @Nullable Grid grid) {
        public Layer {
            favouring = List.copyOf(favouring);
            opposing = List.copyOf(opposing);
        }

        /** All listed units. */
        public List<Unit> listed() {
            return Stream.concat(favouring.stream(), opposing.stream()).toList();
        }

        /** Commands that make the listed units' missing visualisations, one for each tail. */
        public List<String> commands(String run) {
            Map<Boolean, List<Integer>> missing = new TreeMap<>();
            for (Unit unit : listed()) {
                if (unit.picture() == null) {
                    missing.computeIfAbsent(unit.negative(), tail -> new ArrayList<>())
                            .add(unit.channel());
                }
            }
            return missing.entrySet().stream()
                    .map(entry -> "netdissect visualize --run " + quoted(run) + " --layer " + quoted(name) + " --units "
                            + entry.getValue().stream()
                                    .sorted()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(","))
                            + (entry.getKey() ? " --tail both" : ""))
                    .toList();
        }

        /** A text as a shell's single word. */
        private static String quoted(String text) {
            return text.matches("[A-Za-z0-9_./=:@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
        }
    }

    /**
     * A unit that speaks for or against the class.
     *
     * @param channel 0-based
     * @param attribution sum over its places
     * @param category of its label, or empty for a unit without one
     * @param label as in detectors.csv, or empty
     * @param score the label's IoU over the probe set
     * @param detector whether the score makes it a detector
     * @param negative whether its activations have a mean below 0, so that its picture is the negative one
     * @param mask where it is active in the image, or null for nowhere
     * @param picture its image by optimisation, or null
     */
    public record Unit(
            int channel,
            double attribution,
            String category,
            String label,
            double score,
            boolean detector,
            boolean negative,
            @Nullable Mask mask,
            @Nullable Picture picture) {
        /** As in the tables, from 1. */
        public int number() {
            return channel + 1;
        }
    }

    /**
     * An image in memory.
     *
     * @param rgb interleaved {@code [height][width][3]}
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares images
    public record Picture(byte[] rgb, GridSize size) {}

    /**
     * An activation grid.
     *
     * @param cells rows and columns of images
     * @param picture all of them side by side
     */
    public record Grid(GridSize cells, Picture picture) {}
}
