package org.netdissect.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.netdissect.align.MaskGeometry;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.TextTable;

/** Attributions of a class as text. */
final class AttributionTable {
    private AttributionTable() {}

    /** The class, then for each layer the units for and against it. */
    static String text(ClassAttribution attribution) {
        StringBuilder text = new StringBuilder(heading(attribution) + ".\n");
        for (ClassAttribution.Layer layer : attribution.layers()) {
            text.append('\n').append(summary(layer)).append('\n');
            if (!layer.listed().isEmpty()) {
                text.append(units(layer));
            }
        }
        return text.toString();
    }

    /** The class and what its attribution is, in a sentence without its full stop. */
    static String heading(ClassAttribution attribution) {
        return "Units for and against " + attribution.text() + ", whose score is " + number(attribution.score())
                + "; attribution is the gradient of the score" + (attribution.logarithm() ? "'s logarithm" : "")
                + " times activation, summed over places";
    }

    private static String summary(ClassAttribution.Layer layer) {
        return layer.name() + ": attributions of all units have the sum " + number(layer.sum());
    }

    private static String units(ClassAttribution.Layer layer) {
        TextTable table =
                new TextTable(3, List.of("speaks", "label", "category", "unit", "attribution", "IoU", "area"));
        for (ClassAttribution.Unit unit : layer.listed()) {
            List<String> row = new ArrayList<>(List.of(unit.attribution() > 0 ? "for" : "against", label(unit)));
            row.add(unit.category().isEmpty() ? "-" : unit.category());
            row.add(Integer.toString(unit.number()));
            row.add(number(unit.attribution()));
            row.add(String.format(Locale.ROOT, "%.3f", unit.score()));
            row.add(unit.mask() == null ? "-" : ExplanationTable.percent(MaskGeometry.share(unit.mask())));
            table.add(row);
        }
        return table.toString();
    }

    private static String label(ClassAttribution.Unit unit) {
        if (unit.label().isEmpty()) {
            return "-";
        }
        String name = LabelTable.displayName(unit.label());
        return unit.detector() ? name : "(" + name + ")";
    }

    /** A score or attribution with four significant digits, such as {@code 12.34} or {@code -0.0012}. */
    static String number(double value) {
        return value == 0
                ? "0"
                : String.valueOf((float) new java.math.BigDecimal(value)
                        .round(new java.math.MathContext(4))
                        .doubleValue());
    }
}
