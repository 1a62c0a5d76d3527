package org.netdissect.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.table.CsvText;
import org.netdissect.table.MarkdownTable;

/** A comparison as CSV, Markdown and JSON, with all rows. */
final class ComparisonFiles {
    private ComparisonFiles() {}

    /** Counts by all rules. */
    static String countsCsv(ComparisonResult comparison) {
        return new CountTable(comparison.counts()).csv();
    }

    /** Counts by the comparison's rule. */
    static String countsMarkdown(ComparisonResult comparison) {
        StringBuilder text = new StringBuilder(new CountTable(comparison.counts(comparison.rule())).markdown());
        text.append("\nBy category: unique labels/detectors.\n");
        for (String note : comparison.notes()) {
            text.append("\nNote: ").append(MarkdownTable.plain(note)).append(".\n");
        }
        return text.toString();
    }

    /** Concepts gained, lost and kept. */
    static String conceptsCsv(ComparisonResult comparison) {
        CsvText text = new CsvText(List.of(
                "from", "to", "layer", "change", "category", "label", "from-units", "to-units", "from-iou", "to-iou"));
        for (ConceptChange change : comparison.concepts()) {
            text.add(List.of(
                    change.from(),
                    change.to(),
                    change.layer(),
                    change.change(),
                    change.category(),
                    change.label(),
                    change.fromUnits(),
                    change.toUnits(),
                    change.fromIou(),
                    change.toIou()));
        }
        return text.toString();
    }

    /** Every unit that both runs have. */
    static String unitsCsv(ComparisonResult comparison) {
        CsvText text = new CsvText(List.of(
                "layer",
                "unit",
                "change",
                "from-category",
                "from-label",
                "from-score",
                "to-category",
                "to-label",
                "to-score"));
        for (UnitChange unit : comparison.units()) {
            text.add(List.of(
                    unit.layer(),
                    unit.unit(),
                    unit.change(),
                    unit.from().category(),
                    unit.from().label(),
                    unit.from().iou(),
                    unit.to().category(),
                    unit.to().label(),
                    unit.to().iou()));
        }
        return text.toString();
    }

    /**
     * The whole comparison for programs: counts by all rules, concepts, units.
     *
     * @param files names of the files written with it
     */
    static Map<String, Object> json(ComparisonResult comparison, List<String> files) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", 1);
        document.put("rule", comparison.rule().toString());
        document.put("notes", comparison.notes());
        document.put("files", files);
        document.put("counts", new CountTable(comparison.counts()).json());
        document.put(
                "concepts",
                comparison.concepts().stream().map(ComparisonFiles::concept).toList());
        document.put(
                "units", comparison.units().stream().map(ComparisonFiles::unit).toList());
        return document;
    }

    private static Map<String, Object> concept(ConceptChange change) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("from", change.from());
        object.put("to", change.to());
        object.put("layer", change.layer());
        object.put("change", change.change().toString());
        object.put("category", change.category());
        object.put("label", change.label());
        object.put("fromUnits", change.fromUnits());
        object.put("toUnits", change.toUnits());
        object.put("fromIou", change.fromIou());
        object.put("toIou", change.toIou());
        return object;
    }

    private static Map<String, Object> unit(UnitChange unit) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("layer", unit.layer());
        object.put("unit", unit.unit());
        object.put("change", unit.change().toString());
        object.put("from", unit.from());
        object.put("to", unit.to());
        return object;
    }
}
