package org.netdissect.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.netdissect.labels.LabelTable;
import org.netdissect.report.TablePage.Table;
import org.netdissect.run.ComparedRun;

/** Tables of a comparison for readers, with rounded numbers. */
final class ComparisonTables {
    private final ComparisonResult comparison;
    private final List<Section> sections = new ArrayList<>();

    private ComparisonTables(ComparisonResult comparison) {
        this.comparison = comparison;
    }

    /** A table; {@code list} marks long ones, whose most important rows come first. */
    record Section(Table table, boolean list) {}

    /** Counts, concepts gained and lost, units that changed. */
    static List<Section> of(ComparisonResult comparison) {
        ComparisonTables tables = new ComparisonTables(comparison);
        tables.counts();
        for (ComparedRun run : comparison.runs().subList(1, comparison.runs().size())) {
            tables.concepts(comparison.runs().get(0).name(), run.name());
        }
        tables.units();
        return tables.sections;
    }

    private void add(
            boolean list,
            String heading,
            String caption,
            int leftColumns,
            List<String> header,
            List<List<String>> rows) {
        sections.add(new Section(new Table(heading, caption, leftColumns, header, rows), list));
    }

    private void counts() {
        CountTable table = new CountTable(comparison.counts(comparison.rule()));
        add(
                false,
                "Detectors by the rule " + comparison.rule(),
                "By category unique labels/detectors",
                table.leftColumns(),
                table.header(),
                table.rows());
    }

    private void concepts(String from, String to) {
        List<ConceptChange> changes = comparison.concepts().stream()
                .filter(change -> change.from().equals(from) && change.to().equals(to))
                .toList();
        Set<String> layers = new LinkedHashSet<>();
        changes.forEach(change -> layers.add(change.layer()));
        List<List<String>> rows = new ArrayList<>();
        for (String layer : layers) {
            List<String> row =
                    new ArrayList<>(List.of(layer.equals(ConceptChange.ALL_LAYERS) ? "all" : layerName(layer)));
            for (ConceptChange.Change kind :
                    List.of(ConceptChange.Change.KEPT, ConceptChange.Change.GAINED, ConceptChange.Change.LOST)) {
                row.add(Long.toString(of(changes, layer, kind).count()));
            }
            rows.add(row);
        }
        String runs = " from " + from + " to " + to;
        add(false, "Concepts" + runs, "", 1, List.of("layer", "kept", "gained", "lost"), rows);
        concepts(changes, ConceptChange.Change.GAINED, runs);
        concepts(changes, ConceptChange.Change.LOST, runs);
    }

    private static Stream<ConceptChange> of(List<ConceptChange> changes, String layer, ConceptChange.Change kind) {
        return changes.stream().filter(change -> change.layer().equals(layer) && change.change() == kind);
    }

    private void concepts(List<ConceptChange> changes, ConceptChange.Change kind, String runs) {
        boolean gained = kind == ConceptChange.Change.GAINED;
        List<List<String>> rows = of(changes, ConceptChange.ALL_LAYERS, kind)
                .map(change -> List.of(
                        LabelTable.displayName(change.label()),
                        change.category(),
                        Integer.toString(gained ? change.toUnits() : change.fromUnits()),
                        iou(gained ? change.toIou() : change.fromIou())))
                .toList();
        if (!rows.isEmpty()) {
            String heading = (gained ? "Gained" : "Lost") + runs;
            add(
                    true,
                    heading,
                    "Over all layers together",
                    2,
                    List.of("concept", "category", "units", "best IoU"),
                    rows);
        }
    }

    private void units() {
        if (comparison.units().isEmpty()) {
            return;
        }
        List<String> header = new ArrayList<>(List.of("layer"));
        for (UnitChange.Change change : UnitChange.Change.values()) {
            header.add(change.toString());
        }
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, Map<UnitChange.Change, Integer>> layer :
                comparison.unitCounts().entrySet()) {
            List<String> row = new ArrayList<>(List.of(layerName(layer.getKey())));
            for (UnitChange.Change change : UnitChange.Change.values()) {
                row.add(Integer.toString(layer.getValue().getOrDefault(change, 0)));
            }
            rows.add(row);
        }
        add(false, "Units of both runs", "By the rule top-label; none: a detector in neither", 1, header, rows);
        List<List<String>> changed = comparison.units().stream()
                .filter(unit -> unit.change() == UnitChange.Change.CHANGED)
                .map(ComparisonTables::changed)
                .toList();
        if (!changed.isEmpty()) {
            add(
                    true,
                    "Units that changed their concept",
                    "Those first that detect both concepts well",
                    1,
                    List.of("layer", "unit", "from", "IoU", "to", "IoU"),
                    changed);
        }
    }

    private static List<String> changed(UnitChange unit) {
        return List.of(
                layerName(unit.layer()),
                Integer.toString(unit.unit()),
                LabelTable.displayName(unit.from().label()),
                iou(unit.from().iou()),
                LabelTable.displayName(unit.to().label()),
                iou(unit.to().iou()));
    }

    /** The layer's name, or a substitute for a table without one. */
    private static String layerName(String layer) {
        return layer.isEmpty() ? "-" : layer;
    }

    private static String iou(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
