package org.netdissect.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.result.Visualized;
import org.netdissect.visualize.Tails;
import org.netdissect.visualize.UnitChoice;
import org.netdissect.visualize.VisualizationSettings;
import picocli.CommandLine.Option;

/** Options for the objectives of visualisations. */
final class GoalOptions {
    @Option(
            names = "--units",
            paramLabel = "UNITS",
            description =
                    "all, detectors, or channels counted from 0 such as 0-31,77: the tables' column channel, their "
                            + "unit less 1 (default: detectors with a run, else all).")
    private @Nullable UnitChoice units;

    @Option(
            names = "--classes",
            paramLabel = "A",
            split = ",",
            splitSynopsisLabel = ",",
            description = "Classes of the network's output, by number from 0 or by name, or all.")
    private List<String> classes = new ArrayList<>();

    @Option(
            names = "--objective",
            paramLabel = "NAME",
            description =
                    "What is made great: channel (mean of the unit's map, the default), neuron (one place of it), "
                            + "layer (mean of squares of all units, DeepDream), direction, logit or probability of a class. For "
                            + "classes logit is the default and the better one: a probability can also grow by making the other "
                            + "classes small, which shows little of the class (Simonyan and others 2014).")
    private Visualized.@Nullable Objective objective;

    @Option(names = "--place", paramLabel = "Y,X", description = "Row and column of a neuron (default: the middle).")
    private Converters.@Nullable Place place;

    @Option(
            names = "--direction",
            paramLabel = "V.npy",
            description = "Vector, or matrix of one vector in each row, over the layer's units.")
    private @Nullable Path direction;

    @Option(names = "--random-directions", paramLabel = "N", description = "N random directions of length 1.")
    private @Nullable Integer randomDirections;

    @Option(
            names = "--tail",
            paramLabel = "NAME",
            defaultValue = "positive",
            description = "positive, negative (make it small) or both (default: ${DEFAULT-VALUE}).")
    private Tails tails = Tails.POSITIVE;

    @Option(
            names = "--diverse",
            paramLabel = "N",
            defaultValue = "1",
            description = "N images of each unit that are kept apart (default: ${DEFAULT-VALUE}).")
    private int diverse;

    @Option(
            names = "--diversity",
            paramLabel = "W",
            description =
                    "Weight by which they are kept apart: the likeness of their Gram matrices is taken off, as this "
                            + "share of the mean objective (default: 1).")
    private @Nullable Double diversity;

    VisualizationSettings.Goal settings() {
        Visualized.Objective chosen = objective();
        boolean ofUnit = chosen == Visualized.Objective.CHANNEL || chosen == Visualized.Objective.NEURON;
        requireUse("--classes", !classes.isEmpty(), isOfClass(), chosen);
        requireUse("--units", units != null, ofUnit, chosen);
        requireUse("--place", place != null, chosen == Visualized.Objective.NEURON, chosen);
        requireUse("--direction", direction != null, chosen == Visualized.Objective.DIRECTION, chosen);
        requireUse("--random-directions", randomDirections != null, chosen == Visualized.Objective.DIRECTION, chosen);
        if (chosen == Visualized.Objective.DIRECTION && (direction == null) == (randomDirections == null)) {
            throw new InputException("--objective direction: give one of --direction V.npy and --random-directions N");
        }
        Converters.atLeastOne("--diverse", diverse, 1);
        if (diversity != null && diverse == 1) {
            throw new InputException(
                    "--diversity " + diversity + " without --diverse N: there is one image of each unit");
        }
        return new VisualizationSettings.Goal(
                chosen,
                tails,
                units,
                classes.stream().map(String::strip).toList(),
                direction,
                Converters.atLeastOne("--random-directions", randomDirections, 0),
                place == null ? -1 : place.row(),
                place == null ? -1 : place.column(),
                diverse,
                Converters.notNegative("--diversity", diversity, 1));
    }

    private static void requireUse(String option, boolean given, boolean used, Visualized.Objective objective) {
        if (given && !used) {
            throw new InputException(option + " has no use with --objective " + objective);
        }
    }

    /** The objective given, or the one that the other options ask for. */
    private Visualized.Objective objective() {
        if (objective != null) {
            return objective;
        } else if (direction != null || randomDirections != null) {
            return Visualized.Objective.DIRECTION;
        }
        return classes.isEmpty() ? Visualized.Objective.CHANNEL : Visualized.Objective.LOGIT;
    }

    /** Whether images are of the network's classes. */
    boolean isOfClass() {
        Visualized.Objective chosen = objective();
        return chosen == Visualized.Objective.LOGIT || chosen == Visualized.Objective.PROBABILITY;
    }

    /** Whether images are of units as a run's report shows them. */
    boolean isOfChannels() {
        return objective() == Visualized.Objective.CHANNEL;
    }

    /** Whether a unit has several images. */
    boolean isDiverse() {
        return diverse > 1;
    }
}
