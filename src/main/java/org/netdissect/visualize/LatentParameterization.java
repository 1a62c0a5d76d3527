package org.netdissect.visualize;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;

/**
 * Images of a generator. The network's archive gives the gradient of the objective by the image, the generator's takes
 * it back to its input and makes the step.
 */
record LatentParameterization(LayerNetwork network, Generator generator) implements Parameterization {
    @Override
    public GridSize size() {
        return generator.prior().size();
    }

    @Override
    public long[] shape(int images) {
        return new long[] {images, generator.prior().latents()};
    }

    @Override
    public void start(Random random, float[] parameter, int at) {
        LearnedPrior.draw(random, parameter, at, generator.prior().latents());
    }

    @Override
    public AscentState ascend(
            AscentState state, List<Target> group, FloatTensor moves, Map<String, FloatTensor> options) {
        int steps = Math.toIntExact(moves.shape()[0]);
        AscentState next = state;
        for (int step = 0; step < steps; step++) {
            FloatTensor image = generator.images(next.parameter());
            LayerNetwork.Pull pull = network.pull(image, group, step(moves, step), options);
            next = generator.step(next, pull, options);
        }
        return next;
    }

    /** The moves of one step. */
    private static FloatTensor step(FloatTensor moves, int step) {
        long[] shape = moves.shape().clone();
        int numbers = Math.toIntExact(moves.values().length / shape[0]);
        shape[0] = 1;
        return new FloatTensor(Arrays.copyOfRange(moves.values(), step * numbers, (step + 1) * numbers), shape);
    }

    @Override
    public FloatTensor images(FloatTensor parameters) {
        return generator.images(parameters);
    }
}
