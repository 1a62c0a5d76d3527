package org.netdissect.visualize;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.netdissect.base.InputException;
import org.netdissect.network.ClassNames;

/** The targets of a visualisation, in the order in which their images are made. */
final class Targets {
    private static final String ALL = "all";

    private final VisualizationSettings.Goal goal;

    Targets(VisualizationSettings.Goal goal) {
        this.goal = goal;
    }

    /**
     * Targets of a layer's channels: the detectors of a run by falling score, the others by number.
     *
     * @param layer for messages
     * @param byScore channels by falling score; empty without a run
     * @param detectors number of them that are detectors
     */
    List<Target> channels(String layer, int units, List<Integer> byScore, int detectors) {
        UnitChoice choice = goal.units() != null
                ? goal.units()
                : new UnitChoice(byScore.isEmpty() ? UnitChoice.Kind.ALL : UnitChoice.Kind.DETECTORS, List.of());
        List<Integer> ordered =
                byScore.isEmpty() ? IntStream.range(0, units).boxed().toList() : byScore;
        List<Integer> chosen = switch (choice.kind()) {
            case ALL -> ordered;
            case DETECTORS -> {
                if (byScore.isEmpty()) {
                    throw new InputException("--units detectors: which units are detectors is known from a dissection; "
                            + "give its folder with --run, or --units all");
                } else if (detectors == 0) {
                    throw new InputException(
                            "layer " + layer + " has no detectors in the run; give --units all, or numbers");
                }
                yield byScore.subList(0, detectors);
            }
            case LISTED -> {
                choice.channels().stream()
                        .filter(channel -> channel >= units)
                        .findFirst()
                        .ifPresent(channel -> {
                            throw new InputException("--units " + choice + ": layer " + layer + " has " + units
                                    + " units, channels 0 to " + (units - 1) + ", and no channel " + channel);
                        });
                yield ordered.stream().filter(choice.channels()::contains).toList();
            }
        };
        return images(chosen, channel -> "");
    }

    /** Targets of the network's classes, in the order given. */
    List<Target> classes(int count, List<String> names) {
        List<String> known = ClassNames.known(names, count);
        List<Integer> chosen = new ArrayList<>();
        List<String> wanted = goal.classes();
        if (wanted.isEmpty()) {
            throw new InputException(
                    "--objective " + goal.objective() + ": say which classes with --classes, by number " + "from 0 to "
                            + (count - 1) + (known.isEmpty() ? "" : ", by name,") + " or all");
        }
        for (String name : wanted) {
            if (name.equals(ALL)) {
                IntStream.range(0, count).forEach(chosen::add);
            } else {
                chosen.add(ClassNames.index("--classes", name, count, known));
            }
        }
        return images(chosen.stream().distinct().toList(), index -> known.isEmpty() ? "" : known.get(index));
    }

    /** Targets of directions or, with a count of 1, of the layer. */
    List<Target> numbered(int count) {
        return images(IntStream.range(0, count).boxed().toList(), index -> "");
    }

    private List<Target> images(List<Integer> indices, IntFunction<String> name) {
        List<Target> targets = new ArrayList<>();
        for (int index : indices) {
            for (boolean negative : goal.tails().negative()) {
                for (int variant = 1; variant <= goal.diverse(); variant++) {
                    targets.add(new Target(goal.objective(), index, negative, variant, name.apply(index)));
                }
            }
        }
        return targets;
    }
}
