package org.netdissect.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.netdissect.align.CountingRule;
import org.netdissect.base.InputException;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;

/**
 * Runs side by side, each compared with the first.
 *
 * @param rule counting rule; the concepts of units are always by the rule top-label
 * @param runs at least one
 * @param notes notes on what the numbers depend on
 * @param concepts gained, lost and kept from the first run to each other
 * @param units of two runs that share layers with the same units; empty otherwise
 */
public record ComparisonResult(
        CountingRule rule,
        List<ComparedRun> runs,
        List<String> notes,
        List<ConceptChange> concepts,
        List<UnitChange> units) {
    /** Settings whose difference gives no note, besides those with a dot in their name. */
    private static final Set<String> UNNOTED = Set.of("layers", "labels", "split", "categories");

    /** The comparison as text; long lists are cut. */
    public String text() {
        return ComparisonText.of(this);
    }

    /**
     * Compares runs.
     *
     * @param mixed whether runs over different probe sets are accepted
     * @throws InputException where runs are over different probe sets and this is not accepted
     */
    public static ComparisonResult of(List<ComparedRun> runs, CountingRule rule, boolean mixed) {
        ComparedRun first = runs.get(0);
        List<String> notes = new ArrayList<>();
        List<ConceptChange> concepts = new ArrayList<>();
        for (ComparedRun run : runs.subList(1, runs.size())) {
            notes.addAll(probeSetNotes(first, run, mixed));
            notes.addAll(settingNotes(first, run));
            concepts.addAll(ConceptChange.between(first, run, rule));
        }
        List<UnitChange> units = runs.size() == 2 ? units(first, runs.get(1), notes) : List.of();
        return new ComparisonResult(
                rule, List.copyOf(runs), notes.stream().distinct().toList(), List.copyOf(concepts), units);
    }

    private static List<String> probeSetNotes(ComparedRun first, ComparedRun run, boolean mixed) {
        List<String> notes = new ArrayList<>();
        Optional<String> difference = ProbeSets.difference(first, run);
        if (difference.isPresent() && !mixed) {
            throw new InputException(run.name() + " is over another probe set than " + first.name() + ": "
                    + difference.get() + "; counts over different images or labels are not comparable; add --mixed to "
                    + "compare them nevertheless");
        }
        difference.ifPresent(reason -> notes.add(run.name() + " is over another probe set than " + first.name() + " ("
                + reason + "): their counts are not comparable"));
        for (ComparedRun side : List.of(first, run)) {
            if (side.settings().isEmpty()) {
                notes.add("the settings of " + side.name() + " are unknown: a table has none");
            }
        }
        return notes;
    }

    private static List<String> settingNotes(ComparedRun first, ComparedRun run) {
        List<String> notes = new ArrayList<>();
        if (first.settings().isEmpty() || run.settings().isEmpty()) {
            return notes;
        }
        Set<String> names = new TreeSet<>(first.settings().keySet());
        names.addAll(run.settings().keySet());
        for (String name : names) {
            String a = first.settings().getOrDefault(name, "not given");
            String b = run.settings().getOrDefault(name, "not given");
            if (!name.contains(".") && !UNNOTED.contains(name) && !a.equals(b)) {
                notes.add(name + " is " + a + " in " + first.name() + " and " + b + " in " + run.name());
            }
        }
        return notes;
    }

    private static List<UnitChange> units(ComparedRun from, ComparedRun to, List<String> notes) {
        List<UnitChange> units = new ArrayList<>();
        for (ComparedLayer layer : from.layers()) {
            Optional<ComparedLayer> other = to.layer(layer.name());
            if (other.isPresent() && UnitChange.sameUnits(layer, other.get())) {
                units.addAll(UnitChange.between(layer, from.iou(), other.get(), to.iou()));
            } else if (other.isPresent()) {
                notes.add(layer.name() + " has other units in " + to.name() + " than in " + from.name()
                        + ": units not compared");
            }
        }
        return List.copyOf(units);
    }

    /** Counts of every layer of every run by one rule. */
    List<CountRow> counts(CountingRule by) {
        List<CountRow> rows = new ArrayList<>();
        for (ComparedRun run : runs) {
            for (ComparedLayer layer : run.layers()) {
                rows.add(CountRow.of(run.name(), layer.name(), layer.table(), run.iou(), by));
            }
        }
        return rows;
    }

    /** Counts by all rules. */
    List<CountRow> counts() {
        List<CountRow> rows = new ArrayList<>();
        for (CountingRule one : CountingRule.values()) {
            rows.addAll(counts(one));
        }
        return rows;
    }

    /** Number of units of a layer by their change. */
    Map<String, Map<UnitChange.Change, Integer>> unitCounts() {
        Map<String, Map<UnitChange.Change, Integer>> counts = new LinkedHashMap<>();
        for (UnitChange unit : units) {
            counts.computeIfAbsent(unit.layer(), layer -> new EnumMap<>(UnitChange.Change.class))
                    .merge(unit.change(), 1, Integer::sum);
        }
        return counts;
    }
}
