package org.netdissect.visualize;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.GradientMethod;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.MapArrangement;
import org.netdissect.result.Visualized;
import org.netdissect.visualize.space.Colours;
import org.netdissect.visualize.space.ImageSpace;

/**
 * A network cut off behind one layer, with the methods of {@code ascent.py}. Thread-safe; the number of images in a
 * call is the caller's, and last digits depend on it.
 */
final class LayerNetwork {
    /** The basis of {@code ascent.py} whose parameter is the image. */
    private static final float IMAGE = 3;

    private final MapArrangement arrangement;
    private final Map<String, FloatTensor> constants = new LinkedHashMap<>();
    private final @Nullable FloatTensor directions;
    private final Visualized.Objective objective;
    private final GradientMethod steps;
    private final GradientMethod pull;
    private final GradientMethod image;
    private final GradientMethod parameter;
    private final GradientMethod scores;
    private final GradientMethod amplitudes;

    /**
     * A network and what its images are made for.
     *
     * @param input arguments of {@link NetworkInput}
     * @param directions {@code [directions][units]}, or null for other objectives
     * @param place row and column of a neuron, -1 for the middle
     */
    LayerNetwork(
            LoadedNetwork network,
            MapArrangement arrangement,
            Map<String, FloatTensor> input,
            Visualized.Objective objective,
            @Nullable FloatTensor directions,
            int[] place) {
        this.arrangement = arrangement;
        this.objective = objective;
        this.directions = directions;
        constants.putAll(input);
        network.fixedBatch().ifPresent(batch -> constants.put("batch", FloatTensor.of((float) batch)));
        switch (objective) {
            case NEURON -> constants.put("place", FloatTensor.of(place));
            case LAYER -> constants.put("squares", FloatTensor.of(1f));
            case PROBABILITY -> constants.put("softmax", FloatTensor.of(1f));
            case CHANNEL, DIRECTION, LOGIT -> {}
        }
        this.steps = new GradientMethod(network, "ascend");
        this.pull = new GradientMethod(network, "ascent_pull");
        this.image = GradientMethod.withoutGradients(network, "ascent_render");
        this.parameter = GradientMethod.withoutGradients(network, "ascent_parameter");
        this.scores = GradientMethod.withoutGradients(network, "ascent_measure");
        this.amplitudes = GradientMethod.withoutGradients(network, "ascent_amplitudes");
    }

    /** Number of the layer's units. */
    int units() {
        return arrangement.units();
    }

    /** Number of scores of an image: of units, directions or the layer. */
    int scores() {
        return objective == Visualized.Objective.LAYER
                ? 1
                : directions == null ? units() : Math.toIntExact(directions.shape()[0]);
    }

    /**
     * Makes steps.
     *
     * @param group one target for each image
     * @param moves {@code [steps][images][2][3]}, or {@code [steps]} without moves
     * @param options further arguments by name
     */
    AscentState ascend(
            AscentState state,
            ImageSpace space,
            List<Target> group,
            FloatTensor moves,
            Map<String, FloatTensor> options) {
        int images = group.size();
        Map<String, FloatTensor> arguments = arguments(space.constants(), group, moves, options);
        arguments.put("parameter", state.parameter());
        arguments.put("first", state.first());
        arguments.put("second", state.second());
        arguments.put("time", FloatTensor.of((float) state.steps()));
        Map<String, FloatTensor> results = steps.call(arguments);
        int made = Math.toIntExact(moves.shape()[0]);
        float[][] objectives = Arrays.copyOf(state.objectives(), state.steps() + made);
        float[] values = get(results, "objectives").values();
        for (int step = 0; step < made; step++) {
            objectives[state.steps() + step] = Arrays.copyOfRange(values, step * images, (step + 1) * images);
        }
        int[] leaks = state.leaks().clone();
        for (int i = 0; i < images; i++) {
            leaks[i] += (int) get(results, "leaks").values()[i];
        }
        return new AscentState(
                state.steps() + made,
                get(results, "parameter"),
                get(results, "first"),
                get(results, "second"),
                objectives,
                leaks);
    }

    /**
     * The objective's gradient by the images, before a step.
     *
     * @param objectives {@code [images]}
     * @param gradient {@code [images][channels][height][width]} of what is to be made small
     * @param leaks {@code [images]}, 1 where the gradient came through leaky rectifiers
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Pull(float[] objectives, FloatTensor gradient, float[] leaks) {}

    /**
     * Measures images of another network.
     *
     * @param given {@code [images][channels][height][width]}, from 0 to 1
     * @param moves {@code [1][images][2][3]}, or {@code [1]} without moves
     * @param options as {@link #ascend} takes them
     */
    Pull pull(FloatTensor given, List<Target> group, FloatTensor moves, Map<String, FloatTensor> options) {
        Map<String, FloatTensor> arguments = arguments(Map.of("basis", FloatTensor.of(IMAGE)), group, moves, options);
        arguments.put("parameter", given);
        Map<String, FloatTensor> results = pull.call(arguments);
        return new Pull(
                get(results, "objectives").values(),
                get(results, "gradient"),
                get(results, "leaks").values());
    }

    private Map<String, FloatTensor> arguments(
            Map<String, FloatTensor> space, List<Target> group, FloatTensor moves, Map<String, FloatTensor> options) {
        int images = group.size();
        Map<String, FloatTensor> arguments = new LinkedHashMap<>(constants);
        arguments.putAll(space);
        arguments.putAll(arrangement.arguments(images));
        arguments.putAll(options);
        arguments.put("theta", moves);
        float[] sign = new float[images];
        for (int i = 0; i < images; i++) {
            sign[i] = group.get(i).negative() ? -1 : 1;
        }
        arguments.put("sign", new FloatTensor(sign, images));
        arguments.putAll(chosen(group));
        return arguments;
    }

    /** The unit or the vector of each image of a batch. */
    private Map<String, FloatTensor> chosen(List<Target> group) {
        if (objective == Visualized.Objective.LAYER) {
            return Map.of();
        }
        int[] indices = group.stream().mapToInt(Target::index).toArray();
        if (directions == null) {
            return Map.of("units", FloatTensor.of(indices));
        }
        float[] vectors = new float[indices.length * units()];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(directions.values(), indices[i] * units(), vectors, i * units(), units());
        }
        return Map.of("vectors", new FloatTensor(vectors, indices.length, units()));
    }

    /** The images {@code [images][channels][height][width]} of parameters. */
    FloatTensor images(ImageSpace space, FloatTensor parameters) {
        Map<String, FloatTensor> arguments = new LinkedHashMap<>(space.constants());
        arguments.put("parameter", parameters);
        return get(image.call(arguments), "image");
    }

    /** The parameter of the space whose image is nearest to one. */
    float[] parameter(ImageSpace space, FloatTensor given) {
        Map<String, FloatTensor> arguments = new LinkedHashMap<>(space.constants());
        arguments.put("image", given);
        arguments.put("decorrelating", Colours.decorrelating(space.channels()));
        return get(parameter.call(arguments), "parameter").values();
    }

    /**
     * Scores of images: objectives of all units, directions, or of the layer.
     *
     * @param moves as {@link #ascend} takes them
     * @return {@code [moves][images][scores]}
     */
    FloatTensor scores(FloatTensor images, FloatTensor moves) {
        Map<String, FloatTensor> arguments = new LinkedHashMap<>(constants);
        arguments.putAll(arrangement.arguments(Math.toIntExact(images.shape()[0])));
        if (directions != null) {
            arguments.put("all_vectors", directions);
        }
        arguments.put("image", images);
        arguments.put("theta", moves);
        return get(scores.call(arguments), "scores");
    }

    /** Amplitudes of images' unitary Fourier transforms, {@code [images][channels][height][width/2+1]}. */
    FloatTensor amplitudes(FloatTensor images, FloatTensor colours) {
        return get(amplitudes.call(Map.of("image", images, "decorrelating", colours)), "amplitudes");
    }

    private static FloatTensor get(Map<String, FloatTensor> results, String name) {
        return Objects.requireNonNull(results.get(name), name);
    }
}
