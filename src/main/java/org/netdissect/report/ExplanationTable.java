package org.netdissect.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.netdissect.align.Box;
import org.netdissect.align.Mask;
import org.netdissect.align.MaskGeometry;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.TextTable;

/** The explanation of an image as text. */
public final class ExplanationTable {
    private static final int CONCEPTS_SHOWN = 8;

    private ExplanationTable() {}

    /** Classes, then each layer's concepts and units. */
    public static String text(ImageExplanation explanation) {
        String classes = classes(explanation);
        StringBuilder text = new StringBuilder(classes.isEmpty() ? "" : classes + "\n");
        text.append("Area is the share of the image in which a unit is above its threshold T")
                .append(average(explanation.usualArea()))
                .append(",\n")
                .append("""
                        peak/T its greatest activation divided by T. Parts are the connected parts of that area; columns
                        and rows are those of the largest. IoU is the label's over the probe set. Labels in brackets are
                        guesses: their units are no detectors.
                        """);
        for (ImageExplanation.Layer layer : explanation.layers()) {
            text.append('\n').append(summary(layer)).append('\n');
            for (String part : List.of(concepts(layer), units(explanation, layer))) {
                text.append(part.isEmpty() ? "" : part.stripTrailing() + "\n");
            }
        }
        return text
                + (explanation.attribution() == null ? "" : "\n" + AttributionTable.text(explanation.attribution()));
    }

    private static String average(OptionalDouble area) {
        return area.isPresent() ? " (on average " + percent(area.getAsDouble()) + ")" : "";
    }

    /** The network's most probable classes; empty for none. */
    static String classes(ImageExplanation explanation) {
        if (explanation.classes().isEmpty()) {
            return "";
        }
        TextTable table = new TextTable(1, List.of("class", "index", "probability"));
        for (ImageExplanation.TopClass top : explanation.classes()) {
            table.add(List.of(
                    top.name(), Integer.toString(top.index()), String.format(Locale.ROOT, "%.4f", top.probability())));
        }
        return table.toString();
    }

    /** Counts of a layer's units in one line. */
    static String summary(ImageExplanation.Layer layer) {
        int active = layer.active().size();
        int detectors = layer.activeDetectors();
        String text = layer.name() + ": " + active + " of " + layer.units()
                + (active == 1 ? " units is active, " : " units are active, ") + detectors
                + (detectors == 1 ? " of them a detector" : " of them detectors");
        boolean all = layer.shown().size() == active;
        return text
                + (all || layer.shown().isEmpty()
                        ? ""
                        : "; the first " + layer.shown().size());
    }

    /** Concepts that a layer's detectors see, with their share of the image, in one line; empty for none. */
    static String concepts(ImageExplanation.Layer layer) {
        List<String> concepts = new ArrayList<>();
        for (ImageExplanation.SeenConcept concept : layer.concepts()) {
            int units = concept.units().size();
            concepts.add(
                    concept.name() + " " + percent(concept.area()) + (units == 1 ? "" : " by " + units + " units"));
        }
        int more = concepts.size() - CONCEPTS_SHOWN;
        String first = String.join(", ", concepts.subList(0, Math.min(concepts.size(), CONCEPTS_SHOWN)));
        return concepts.isEmpty() ? "" : "They see " + first + (more > 0 ? " and " + more + " more" : "");
    }

    /** One row per unit shown; empty for none. */
    static String units(ImageExplanation explanation, ImageExplanation.Layer layer) {
        if (layer.shown().isEmpty()) {
            return "";
        }
        TextTable table = new TextTable(
                2, List.of("label", "category", "unit", "IoU", "area", "peak/T", "parts", "columns", "rows"));
        for (ImageExplanation.Unit unit : layer.shown()) {
            Mask mask = unit.activity().mask();
            List<MaskGeometry.Region> regions = MaskGeometry.regions(mask);
            Box box = regions.get(0).box().scaled(mask.grid(), explanation.imageSize());
            table.add(List.of(
                    label(unit),
                    unit.category().isEmpty() ? "-" : unit.category(),
                    Integer.toString(unit.number()),
                    String.format(Locale.ROOT, "%.3f", unit.score()),
                    percent(unit.activity().area()),
                    ratio(unit.activity().peakRatio()),
                    Integer.toString(regions.size()),
                    span(box.left(), box.width()),
                    span(box.top(), box.height())));
        }
        return table.toString();
    }

    /** The label of a unit, in brackets if the unit is no detector. */
    static String label(ImageExplanation.Unit unit) {
        if (unit.label().isEmpty()) {
            return "-";
        }
        String name = LabelTable.displayName(unit.label());
        return unit.detector() ? name : "(" + name + ")";
    }

    /** A share as per cent with one or two digits after the point, such as {@code 13.6%}. */
    static String percent(double share) {
        double percent = 100 * share;
        return percent < 0.1
                ? String.format(Locale.ROOT, "%.2f%%", percent)
                : String.format(Locale.ROOT, "%.1f%%", percent);
    }

    /** A ratio, or {@code >1000}: small thresholds give large ratios without meaning. */
    static String ratio(OptionalDouble ratio) {
        if (ratio.isEmpty()) {
            return "-";
        }
        double value = ratio.getAsDouble();
        return value < 1000 ? String.format(Locale.ROOT, "%.2f", value) : ">1000";
    }

    private static String span(int from, int length) {
        return from + "-" + (from + length - 1);
    }
}
