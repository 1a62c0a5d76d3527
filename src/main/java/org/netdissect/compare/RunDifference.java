package org.netdissect.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.netdissect.base.InputException;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;

/**
 * Differences of two runs: settings, numbers of units, and counts.
 *
 * @param a name of the first run
 * @param b name of the second run
 * @param settings settings that differ, by name; empty where either side has none
 * @param settingsKnown whether both sides have settings
 * @param layers one for each layer that both have
 * @param units units with any difference, the greatest change of score first
 */
public record RunDifference(
        String a,
        String b,
        List<Setting> settings,
        boolean settingsKnown,
        List<LayerDifference> layers,
        List<UnitDifference> units) {

    /** The difference as text: settings, layers, and the units whose score changed most. */
    public String text() {
        return DifferenceText.of(this);
    }

    /** The difference as JSON. */
    public Map<String, Object> json() {
        return DifferenceText.json(this);
    }

    /** A setting that differs; {@code not given} on the side that lacks it. */
    public record Setting(String name, String a, String b) {}

    /**
     * Explains two runs. Layers are paired by name, or with each other where each run has only one.
     *
     * @throws InputException where they have no layer in common
     */
    public static RunDifference of(ComparedRun a, ComparedRun b) {
        List<LayerDifference> layers = new ArrayList<>();
        List<UnitDifference> units = new ArrayList<>();
        boolean single = a.layers().size() == 1 && b.layers().size() == 1;
        for (ComparedLayer layer : a.layers()) {
            Optional<ComparedLayer> other = single ? Optional.of(b.layers().get(0)) : b.layer(layer.name());
            if (other.isPresent()) {
                List<UnitDifference> all = UnitDifference.between(layer, a.iou(), other.get(), b.iou());
                layers.add(LayerDifference.of(layer, other.get(), all));
                all.stream().filter(UnitDifference::moved).forEach(units::add);
            }
        }
        if (layers.isEmpty()) {
            throw new InputException(
                    a.name() + " and " + b.name() + " have no layer in common: " + names(a) + "; " + names(b));
        }
        units.sort(Comparator.comparingDouble((UnitDifference unit) -> -Math.abs(unit.change()))
                .thenComparing(unit -> !unit.relabelled()));
        boolean known = !a.settings().isEmpty() && !b.settings().isEmpty();
        return new RunDifference(
                a.name(), b.name(), known ? settings(a, b) : List.of(), known, List.copyOf(layers), List.copyOf(units));
    }

    private static String names(ComparedRun run) {
        return String.join(", ", run.layers().stream().map(ComparedLayer::name).toList());
    }

    private static List<Setting> settings(ComparedRun a, ComparedRun b) {
        TreeSet<String> names = new TreeSet<>(a.settings().keySet());
        names.addAll(b.settings().keySet());
        return names.stream()
                .map(name -> new Setting(
                        name,
                        a.settings().getOrDefault(name, "not given"),
                        b.settings().getOrDefault(name, "not given")))
                .filter(setting -> !setting.a().equals(setting.b()))
                .toList();
    }
}
