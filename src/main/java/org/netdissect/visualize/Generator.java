package org.netdissect.visualize;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.GradientMethod;
import org.netdissect.network.LoadedNetwork;

/** A generator with the methods of {@code generator.py}. Thread-safe. */
final class Generator implements AutoCloseable {
    private final LoadedNetwork network;
    private final LearnedPrior prior;
    private final GradientMethod render;
    private final GradientMethod step;

    Generator(LoadedNetwork network, LearnedPrior prior) {
        this.network = network;
        this.prior = prior;
        this.render = new GradientMethod(network, "prior_render");
        this.step = new GradientMethod(network, "prior_step");
    }

    LearnedPrior prior() {
        return prior;
    }

    /** The images {@code [images][channels][height][width]} of parameters, from 0 to 1. */
    FloatTensor images(FloatTensor parameters) {
        Map<String, FloatTensor> arguments = prior.arguments();
        arguments.put("parameter", parameters);
        return get(render.call(arguments), "image");
    }

    /**
     * Makes one of Adam's steps.
     *
     * @param pull gradient by the state's images
     * @param options with the learning rate
     */
    AscentState step(AscentState state, LayerNetwork.Pull pull, Map<String, FloatTensor> options) {
        int images = Math.toIntExact(state.parameter().shape()[0]);
        Map<String, FloatTensor> arguments = prior.arguments();
        arguments.put("parameter", state.parameter());
        arguments.put("first", state.first());
        arguments.put("second", state.second());
        arguments.put("time", FloatTensor.of((float) state.steps()));
        arguments.put("gradient", pull.gradient());
        arguments.put("rate", get(options, "rate"));
        Map<String, FloatTensor> results = step.call(arguments);
        float[][] objectives = Arrays.copyOf(state.objectives(), state.steps() + 1);
        objectives[state.steps()] = pull.objectives();
        int[] leaks = state.leaks().clone();
        for (int i = 0; i < images; i++) {
            leaks[i] += (int) pull.leaks()[i];
        }
        return new AscentState(
                state.steps() + 1,
                get(results, "parameter"),
                get(results, "first"),
                get(results, "second"),
                objectives,
                leaks);
    }

    private static FloatTensor get(Map<String, FloatTensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    @Override
    public void close() {
        network.close();
    }
}
