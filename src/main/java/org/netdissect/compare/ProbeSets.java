package org.netdissect.compare;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.UnitScores;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;

/** Tests whether two runs have the same images and labels; otherwise their counts cannot be compared. */
final class ProbeSets {
    private static final Map<String, String> SETTINGS = Map.of(
            "labels", "its label tables differ",
            "activations.images", "its images differ");

    private ProbeSets() {}

    /** The difference of the probe sets, or empty. */
    static Optional<String> difference(ComparedRun a, ComparedRun b) {
        Optional<String> categories = categories(a, b);
        if (categories.isPresent()) {
            return categories;
        }
        if (a.settings().isEmpty() || b.settings().isEmpty()) {
            return truths(a, b);
        }
        Set<String> differences = new TreeSet<>();
        SETTINGS.forEach((setting, meaning) -> {
            if (!a.settings().getOrDefault(setting, "").equals(b.settings().getOrDefault(setting, ""))) {
                differences.add(meaning);
            }
        });
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    private static Optional<String> categories(ComparedRun a, ComparedRun b) {
        Set<String> first = categories(a);
        Set<String> second = categories(b);
        if (first.equals(second)) {
            return Optional.empty();
        }
        return Optional.of(
                "categories are " + String.join(", ", first) + " there and " + String.join(", ", second) + " here");
    }

    private static Set<String> categories(ComparedRun run) {
        Set<String> names = new TreeSet<>();
        run.layers().forEach(layer -> names.addAll(layer.table().categories()));
        return names;
    }

    /** Compares, for runs without settings, the truth of each label: equal images have equal numbers of its pixels. */
    private static Optional<String> truths(ComparedRun a, ComparedRun b) {
        Map<List<String>, Set<Long>> first = truths(a);
        Map<List<String>, Set<Long>> second = truths(b);
        for (Map.Entry<List<String>, Set<Long>> entry : first.entrySet()) {
            Set<Long> other = second.getOrDefault(entry.getKey(), entry.getValue());
            if (!other.equals(entry.getValue())) {
                return Optional.of("the label " + entry.getKey().get(1) + " has "
                        + entry.getValue().iterator().next() + " pixels there and "
                        + other.iterator().next() + " here");
            }
        }
        return Optional.empty();
    }

    private static Map<List<String>, Set<Long>> truths(ComparedRun run) {
        Map<List<String>, Set<Long>> truths = new HashMap<>();
        for (ComparedLayer layer : run.layers()) {
            StoredTable table = layer.table();
            for (UnitScores unit : table.scores().units()) {
                for (int i = 0; i < table.categories().size(); i++) {
                    ConceptScore score = unit.categories().get(i);
                    if (score.label() != 0) {
                        truths.computeIfAbsent(
                                        List.of(table.categories().get(i), table.label(score)), key -> new HashSet<>())
                                .add(score.truth());
                    }
                }
            }
        }
        return truths;
    }
}
