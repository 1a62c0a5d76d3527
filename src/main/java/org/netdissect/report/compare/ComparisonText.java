package org.netdissect.report.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.netdissect.base.Printable;
import org.netdissect.broden.LabelTable;
import org.netdissect.report.TextTable;

/** A comparison for a terminal; long lists are cut, the files have them whole. */
public final class ComparisonText {
    private static final int MOST_ROWS = 20;

    private final Comparison comparison;
    private final StringBuilder text = new StringBuilder();

    private ComparisonText(Comparison comparison) {
        this.comparison = comparison;
    }

    /** Counts, concepts gained and lost, units that changed. */
    public static String of(Comparison comparison) {
        ComparisonText text = new ComparisonText(comparison);
        text.counts();
        text.concepts();
        text.units();
        return text.text.toString();
    }

    private void counts() {
        text.append("Detectors by the rule ")
                .append(comparison.rule())
                .append("; by category unique labels/detectors\n")
                .append(new CountTable(comparison.counts(comparison.rule())).text());
    }

    private void concepts() {
        Set<List<String>> pairs = new LinkedHashSet<>();
        comparison.concepts().forEach(change -> pairs.add(List.of(change.from(), change.to())));
        for (List<String> pair : pairs) {
            List<ConceptChange> changes = comparison.concepts().stream()
                    .filter(change ->
                            change.from().equals(pair.get(0)) && change.to().equals(pair.get(1)))
                    .toList();
            text.append("\nConcepts from ")
                    .append(Printable.of(pair.get(0)))
                    .append(" to ")
                    .append(Printable.of(pair.get(1)))
                    .append('\n')
                    .append(conceptCounts(changes));
            list(changes, ConceptChange.Change.GAINED);
            list(changes, ConceptChange.Change.LOST);
        }
    }

    private static TextTable conceptCounts(List<ConceptChange> changes) {
        TextTable table = new TextTable(1, List.of("layer", "kept", "gained", "lost"));
        Set<String> layers = new LinkedHashSet<>();
        changes.forEach(change -> layers.add(change.layer()));
        for (String layer : layers) {
            List<String> row = new ArrayList<>(List.of(layer.equals(ConceptChange.ALL_LAYERS) ? "all" : layer));
            for (ConceptChange.Change kind :
                    List.of(ConceptChange.Change.KEPT, ConceptChange.Change.GAINED, ConceptChange.Change.LOST)) {
                row.add(Long.toString(of(changes, layer, kind).count()));
            }
            table.add(row);
        }
        return table;
    }

    private static Stream<ConceptChange> of(List<ConceptChange> changes, String layer, ConceptChange.Change kind) {
        return changes.stream().filter(change -> change.layer().equals(layer) && change.change() == kind);
    }

    private void list(List<ConceptChange> changes, ConceptChange.Change kind) {
        List<ConceptChange> some = of(changes, ConceptChange.ALL_LAYERS, kind).toList();
        if (some.isEmpty()) {
            return;
        }
        boolean gained = kind == ConceptChange.Change.GAINED;
        TextTable table = new TextTable(2, List.of(kind.toString(), "category", "units", "best IoU"));
        for (ConceptChange change : some.subList(0, Math.min(MOST_ROWS, some.size()))) {
            table.add(List.of(
                    LabelTable.displayName(change.label()),
                    change.category(),
                    Integer.toString(gained ? change.toUnits() : change.fromUnits()),
                    iou(gained ? change.toIou() : change.fromIou())));
        }
        text.append('\n').append(table).append(more(some.size()));
    }

    private void units() {
        if (comparison.units().isEmpty()) {
            return;
        }
        text.append("\nUnits of both runs, by the rule top-label\n");
        List<String> header = new ArrayList<>(List.of("layer"));
        for (UnitChange.Change change : UnitChange.Change.values()) {
            header.add(change.toString());
        }
        TextTable table = new TextTable(1, header);
        for (Map.Entry<String, Map<UnitChange.Change, Integer>> layer :
                comparison.unitCounts().entrySet()) {
            List<String> row = new ArrayList<>(List.of(layer.getKey()));
            for (UnitChange.Change change : UnitChange.Change.values()) {
                row.add(Integer.toString(layer.getValue().getOrDefault(change, 0)));
            }
            table.add(row);
        }
        text.append(table);
        changedUnits();
    }

    private void changedUnits() {
        List<UnitChange> changed = comparison.units().stream()
                .filter(unit -> unit.change() == UnitChange.Change.CHANGED)
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        TextTable table = new TextTable(1, List.of("layer", "unit", "from", "IoU", "to", "IoU"));
        for (UnitChange unit : changed.subList(0, Math.min(MOST_ROWS, changed.size()))) {
            table.add(List.of(
                    unit.layer(),
                    Integer.toString(unit.unit()),
                    LabelTable.displayName(unit.from().label()),
                    iou(unit.from().iou()),
                    LabelTable.displayName(unit.to().label()),
                    iou(unit.to().iou())));
        }
        text.append('\n').append(table).append(more(changed.size()));
    }

    private static String more(int rows) {
        return rows > MOST_ROWS ? "... and " + (rows - MOST_ROWS) + " more\n" : "";
    }

    private static String iou(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
