package org.netdissect.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ConceptScore;
import org.netdissect.base.Printable;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.CsvText;
import org.netdissect.table.TextTable;

/** The difference of two runs as text, CSV and JSON. */
final class DifferenceText {
    private static final int MOST_UNITS = 10;
    private static final int LONGEST_VALUE = 40;

    private DifferenceText() {}

    /** The difference as text: settings, layers, and the ten units whose scores changed most, with their counts. */
    static String of(RunDifference difference) {
        String a = Printable.of(difference.a());
        String b = Printable.of(difference.b());
        return "A is " + a + ", B is " + b + "\n\n" + settings(difference) + "\n" + layers(difference) + "\n"
                + units(difference);
    }

    private static String settings(RunDifference difference) {
        if (!difference.settingsKnown()) {
            return "Settings that differ are not known: a table has none\n";
        }
        if (difference.settings().isEmpty()) {
            return "No setting differs\n";
        }
        TextTable table = new TextTable(3, List.of("setting that differs", "A", "B"));
        for (RunDifference.Setting setting : difference.settings()) {
            table.add(List.of(
                    setting.name(),
                    Printable.brief(setting.a(), LONGEST_VALUE),
                    Printable.brief(setting.b(), LONGEST_VALUE)));
        }
        return table.toString();
    }

    private static String layers(RunDifference difference) {
        TextTable table = new TextTable(
                1,
                List.of(
                        "layer",
                        "units",
                        "other label",
                        "detector in A only",
                        "in B only",
                        "threshold moved",
                        "truth",
                        "activation",
                        "intersect",
                        "greatest change of IoU"));
        for (LayerDifference layer : difference.layers()) {
            table.add(List.of(
                    layerName(layer.layer()),
                    layer.units() + (layer.unpaired() == 0 ? "" : " (+" + layer.unpaired() + " in one run only)"),
                    Integer.toString(layer.relabelled()),
                    Integer.toString(layer.passOnlyA()),
                    Integer.toString(layer.passOnlyB()),
                    Integer.toString(layer.threshold()),
                    Integer.toString(layer.truth()),
                    Integer.toString(layer.activation()),
                    Integer.toString(layer.intersect()),
                    String.format(Locale.ROOT, "%.6f", layer.greatestChange())));
        }
        return table.toString();
    }

    private static String units(RunDifference difference) {
        if (difference.units().isEmpty()) {
            return "No unit differs\n";
        }
        List<UnitDifference> largest = difference
                .units()
                .subList(0, Math.min(MOST_UNITS, difference.units().size()));
        TextTable table = new TextTable(
                4, List.of("layer", "unit", "label in A", "in B", "IoU A", "B", "truth", "activation", "intersect"));
        for (UnitDifference unit : largest) {
            for (UnitDifference.Terms terms : unit.decisive()) {
                table.add(List.of(
                        layerName(unit.layer()),
                        Integer.toString(unit.unit()),
                        label(terms.labelA(), terms.category(), unit.a()),
                        terms.sameLabel() ? "the same" : label(terms.labelB(), terms.category(), unit.b()),
                        iou(terms.a().iou()),
                        iou(terms.b().iou()),
                        moved(terms.a().truth(), terms.b().truth()),
                        moved(terms.a().activation(), terms.b().activation()),
                        moved(terms.a().intersect(), terms.b().intersect())));
            }
        }
        return "The greatest changes of score, with the terms that moved from A to B; * marks the unit's label\n"
                + table;
    }

    private static String label(String label, String category, UnitDifference.Side side) {
        if (label.isEmpty()) {
            return "none";
        }
        return LabelTable.displayName(label) + " (" + category + ")"
                + (side.category().equals(category) ? "*" : "");
    }

    private static String layerName(String layer) {
        return layer.isEmpty() ? "-" : layer;
    }

    private static String moved(long a, long b) {
        return a == b ? "=" : a + " -> " + b;
    }

    private static String iou(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** A row for every concept of every unit that differs. */
    static String csv(RunDifference difference) {
        CsvText text = new CsvText(List.of(
                "layer",
                "unit",
                "score-a",
                "score-b",
                "threshold-a",
                "threshold-b",
                "category",
                "label-a",
                "label-b",
                "truth-a",
                "truth-b",
                "activation-a",
                "activation-b",
                "intersect-a",
                "intersect-b",
                "iou-a",
                "iou-b"));
        for (UnitDifference unit : difference.units()) {
            for (UnitDifference.Terms terms : unit.terms()) {
                if (terms.moved()) {
                    text.add(csvRow(unit, terms));
                }
            }
        }
        return text.toString();
    }

    private static List<Object> csvRow(UnitDifference unit, UnitDifference.Terms terms) {
        ConceptScore a = terms.a();
        ConceptScore b = terms.b();
        return List.of(
                unit.layer(),
                unit.unit(),
                unit.a().score(),
                unit.b().score(),
                Objects.requireNonNullElse(threshold(unit.a()), ""),
                Objects.requireNonNullElse(threshold(unit.b()), ""),
                terms.category(),
                terms.labelA(),
                terms.labelB(),
                a.truth(),
                b.truth(),
                a.activation(),
                b.activation(),
                a.intersect(),
                b.intersect(),
                a.iou(),
                b.iou());
    }

    private static @Nullable Object threshold(UnitDifference.Side side) {
        return Float.isNaN(side.threshold()) ? null : (Object) (double) side.threshold();
    }

    /** The same for programs, with the ten greatest changes. */
    static Map<String, Object> json(RunDifference difference) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", 1);
        document.put("a", difference.a());
        document.put("b", difference.b());
        document.put("settingsKnown", difference.settingsKnown());
        document.put("settings", difference.settings());
        document.put("layers", difference.layers());
        List<Object> units = new ArrayList<>();
        difference.units().stream().limit(MOST_UNITS).forEach(unit -> units.add(json(unit)));
        document.put("largest", units);
        return document;
    }

    private static Map<String, Object> json(UnitDifference unit) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("layer", unit.layer());
        object.put("unit", unit.unit());
        object.put("change", unit.change());
        object.put("a", side(unit.a()));
        object.put("b", side(unit.b()));
        List<Object> terms = new ArrayList<>();
        for (UnitDifference.Terms term : unit.decisive()) {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("category", term.category());
            both.put("a", terms(term.labelA(), term.a()));
            both.put("b", terms(term.labelB(), term.b()));
            terms.add(both);
        }
        object.put("terms", terms);
        return object;
    }

    private static Map<String, @Nullable Object> side(UnitDifference.Side side) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("category", side.category());
        object.put("label", side.label());
        object.put("score", side.score());
        object.put("detector", side.detector());
        object.put("threshold", threshold(side));
        return object;
    }

    private static Map<String, Object> terms(String label, ConceptScore score) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("label", label);
        object.put("truth", score.truth());
        object.put("activation", score.activation());
        object.put("intersect", score.intersect());
        object.put("iou", score.iou());
        return object;
    }
}
