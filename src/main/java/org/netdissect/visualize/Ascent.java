package org.netdissect.visualize;

import java.util.Arrays;
import java.util.List;
import org.netdissect.network.FloatTensor;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.RandomSource;
import org.netdissect.visualize.space.Transforms;

/** The ascent of a batch of images, each for a target of its own, in calls of several steps. */
final class Ascent {
    private final Parameterization images;
    private final AscentSettings settings;
    private final List<Target> group;

    Ascent(LayerNetwork network, ImageSpace space, AscentSettings settings, List<Target> group) {
        this(new BasisParameterization(network, space), settings, group);
    }

    Ascent(Parameterization images, AscentSettings settings, List<Target> group) {
        this.images = images;
        this.settings = settings;
        this.group = List.copyOf(group);
    }

    /** The state before the first step. */
    AscentState start() {
        float[] parameter = new float[group.size() * images.numbers()];
        for (int i = 0; i < group.size(); i++) {
            images.start(
                    RandomSource.of(settings.seed(), group.get(i).purpose(Target.START, 0)),
                    parameter,
                    i * images.numbers());
        }
        long[] shape = images.shape(group.size());
        return new AscentState(
                0,
                new FloatTensor(parameter, shape),
                new FloatTensor(new float[parameter.length], shape),
                new FloatTensor(new float[parameter.length], shape),
                new float[0][],
                new int[group.size()]);
    }

    /** Makes up to {@code most} steps of those that are left. */
    AscentState advance(AscentState state, int most) {
        int steps = Math.min(most, settings.steps() - state.steps());
        return images.ascend(state, group, moves(state.steps(), steps), settings.arguments());
    }

    /** The images {@code [images][channels][height][width]} of a state. */
    FloatTensor images(AscentState state) {
        return images.images(state.parameter());
    }

    private FloatTensor moves(int first, int steps) {
        if (settings.transforms().isNone()) {
            return new FloatTensor(new float[steps], steps);
        }
        float[] matrices = new float[steps * group.size() * Transforms.NUMBERS];
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < group.size(); i++) {
                settings.transforms()
                        .draw(
                                RandomSource.of(
                                        settings.seed(), group.get(i).purpose(Target.MOVES, (long) first + step)),
                                images.size(),
                                matrices,
                                (step * group.size() + i) * Transforms.NUMBERS);
            }
        }
        return new FloatTensor(matrices, steps, group.size(), 2, 3);
    }

    /** Targets whose objective was not a number at a step, with the first such step; -1 for the others. */
    int[] faults(AscentState state) {
        int[] faults = new int[group.size()];
        Arrays.fill(faults, -1);
        for (int step = state.objectives().length - 1; step >= 0; step--) {
            for (int i = 0; i < faults.length; i++) {
                if (!Float.isFinite(state.objectives()[step][i])) {
                    faults[i] = step;
                }
            }
        }
        return faults;
    }
}
