package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.SharedData;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.table.NpyArray;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

/**
 * The ascent agrees with plain PyTorch's: objectives and images of {@code reference/visualize} in the shared data, from
 * the same start, without moves. Its tolerances: near-ties of max-pooling are decided otherwise here and there, and Adam
 * carries that on.
 */
class AscentReferenceTest {
    private static final GridSize SIZE = new GridSize(64, 64);
    private static final int STEPS = 64;
    private static final String PLACES = "squeezenet1_1bn-places365";
    private static final Preprocessing OF_PLACES =
            new Preprocessing(ChannelOrder.BGR, 1, List.of(105.5f, 113f, 116.3f), List.of(255f, 255f, 255f));
    private static final Preprocessing OF_IMAGENET =
            new Preprocessing(ChannelOrder.RGB, 1, List.of(123f, 117f, 104f), List.of(1f, 1f, 1f));

    @TempDir
    Path scratch;

    /** One unit's ascent from the reference's start. */
    private final class Climb implements AutoCloseable {
        private final LoadedNetwork loaded;
        private final LayerNetwork network;
        private final Ascent ascent;
        private AscentState state;

        Climb(String model, String layer, Target target, @Nullable FloatTensor directions, boolean leak)
                throws Exception {
            Path archive = SharedData.require("models/" + model + ".traced.pt");
            float[] start = reference("start.npy");
            loaded = LayerNetworks.load(archive, layer, scratch);
            network = LayerNetworks.of(
                    loaded,
                    archive,
                    layer,
                    model.equals(PLACES) ? OF_PLACES : OF_IMAGENET,
                    SIZE,
                    target.kind(),
                    directions);
            AscentSettings settings = new AscentSettings(STEPS, 0.05, Transforms.NONE, 0, 0, leak, 0);
            ImageSpace space = new ImageSpace(ImageBasis.FOURIER, 3, SIZE, 1, null, start);
            ascent = new Ascent(network, space, settings, List.of(target));
            state = ascent.start();
        }

        void upTo(int step) {
            state = ascent.advance(state, step - state.steps());
        }

        float[] image() {
            return ascent.images(state).values();
        }

        /** Scores of the image as it is. */
        float[] scores() {
            return network.scores(ascent.images(state), new FloatTensor(new float[1], 1))
                    .values();
        }

        @Override
        public void close() {
            loaded.close();
        }
    }

    private static float[] reference(String file) throws Exception {
        return NpyArray.read(SharedData.require("reference/visualize/" + file)).values();
    }

    private static List<Double> objectives(String stem) throws Exception {
        List<Double> values = new ArrayList<>();
        for (String line : Files.readAllLines(SharedData.require("reference/visualize/" + stem + ".objective.csv"))) {
            if (!line.startsWith("step")) {
                values.add(Double.parseDouble(line.split(",")[1]));
            }
        }
        assertEquals(STEPS + 1, values.size(), stem);
        return values;
    }

    private static double rms(float[] one, float[] other) {
        assertEquals(one.length, other.length);
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (double) (one[i] - other[i]);
        }
        return Math.sqrt(sum / one.length);
    }

    private static void assertClose(double expected, double found, double tolerance, String what) {
        double difference = Math.abs(found - expected) / Math.abs(expected);
        assertTrue(
                difference <= tolerance,
                () -> what + ": " + found + ", PyTorch has " + expected + ", relative " + difference);
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource({
        "squeezenet1_1bn-places365, fire9, 7, ",
        "squeezenet1_1bn-places365, fire9, 7, double",
        "squeezenet1_1bn-places365, fire9, 7, minimize",
        "squeezenet1_1bn-places365, fire9, 7, neuron",
        "squeezenet1_1bn-places365, fire9, 0, layer",
        "squeezenet1_1bn-places365, fire9, 0, direction",
        "squeezenet1_1bn-places365, fire9, 300, ",
        "squeezenet1_1bn-places365, fire5, 40, ",
        "squeezenet1_0-imagenet, features.12, 100, ",
        "squeezenet1_0-imagenet, features.12, 100, double",
        "squeezenet1_0-imagenet, features.12, 148, ",
        "squeezenet1_0-imagenet, features.5, 40, ",
    })
    void objectivesAndImagesAreThoseOfPyTorch(String model, String layer, int unit, @Nullable String kind)
            throws Exception {
        String stem = model + "." + layer + "." + unit + (kind == null ? "" : "." + kind);
        List<Double> expected = objectives(stem);
        Visualized.Objective objective = switch (kind == null ? "" : kind) {
            case "neuron" -> Visualized.Objective.NEURON;
            case "layer" -> Visualized.Objective.LAYER;
            case "direction" -> Visualized.Objective.DIRECTION;
            default -> Visualized.Objective.CHANNEL;
        };
        float[] vector = objective == Visualized.Objective.DIRECTION ? reference("direction.npy") : new float[0];
        FloatTensor directions = vector.length == 0 ? null : new FloatTensor(vector, 1, vector.length);
        Target target = new Target(objective, unit, "minimize".equals(kind), 1, "");
        try (Climb climb = new Climb(model, layer, target, directions, false)) {
            for (int images : new int[] {1, 8, 32}) {
                climb.upTo(images);
                double rms = rms(reference(stem + ".image-" + images + ".npy"), climb.image());
                assertTrue(rms <= (images <= 8 ? 1e-3 : 5e-2), () -> stem + ": image after " + images + ": " + rms);
            }
            climb.upTo(STEPS);
            for (int step = 0; step < STEPS; step++) {
                if (step <= 7 || step == STEPS - 1) {
                    double tolerance = step == 0 ? 1e-5 : step <= 7 ? 1e-4 : 3e-2;
                    double found = climb.state.objectives()[step][0];
                    assertClose(expected.get(step), found, tolerance, stem + " at step " + step);
                }
            }
            assertClose(expected.get(STEPS), climb.scores()[target.index()], 3e-2, stem + ": final image");
            assertEquals(0, climb.state.leaks()[0]);
        }
    }

    @Test
    void aDeadUnitStaysWhereItIsUnlessRectifiersLeak() throws Exception {
        String stem = "squeezenet1_0-imagenet.features.12.301";
        Target target = new Target(Visualized.Objective.CHANNEL, 301, false, 1, "");
        try (Climb dead = new Climb("squeezenet1_0-imagenet", "features.12", target, null, false)) {
            float[] start = dead.image();
            assertTrue(rms(reference(stem + ".image-1.npy"), start) < 1e-6, "PyTorch's does not move");
            dead.upTo(STEPS);
            assertArrayEquals(start, dead.image());
            assertEquals(0, dead.state.objectives()[STEPS - 1][0]);
        }
        try (Climb woken = new Climb("squeezenet1_0-imagenet", "features.12", target, null, true)) {
            woken.upTo(STEPS);
            assertTrue(woken.state.leaks()[0] > 0);
            assertTrue(woken.scores()[301] > 1, () -> "response " + woken.scores()[301]);
            assertTrue(rms(reference(stem + ".image.npy"), woken.image()) > 0.01);
        }
    }

    /** The logit is the mean of a map that the network has as a layer; the probability its softmax. */
    @Test
    void logitsAreMeansOfTheLastLayerAndProbabilitiesTheirSoftmax() throws Exception {
        Target channel = new Target(Visualized.Objective.CHANNEL, 50, false, 1, "");
        Target logit = new Target(Visualized.Objective.LOGIT, 50, false, 1, "");
        Target probability = new Target(Visualized.Objective.PROBABILITY, 50, false, 1, "");
        float[] logits;
        try (Climb byLayer = new Climb(PLACES, "act10", channel, null, false);
                Climb byOutput = new Climb(PLACES, TorchScriptArchive.OUTPUT, logit, null, false)) {
            logits = byOutput.scores();
            assertEquals(365, logits.length);
            byLayer.upTo(8);
            byOutput.upTo(8);
            for (int step = 0; step < 8; step++) {
                assertClose(
                        byLayer.state.objectives()[step][0],
                        byOutput.state.objectives()[step][0],
                        step == 0 ? 1e-5 : 1e-4,
                        "logit at step " + step);
            }
            assertTrue(rms(byLayer.image(), byOutput.image()) < 1e-3);
        }
        try (Climb climb = new Climb(PLACES, TorchScriptArchive.OUTPUT, probability, null, false)) {
            climb.upTo(16);
            assertClose(softmax(logits, 50), climb.state.objectives()[0][0], 1e-4, "probability");
            assertTrue(climb.scores()[50] > 0.9, () -> "the class is " + climb.scores()[50]);
        }
    }

    private static double softmax(float[] logits, int index) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - (double) logits[index]);
        }
        return 1 / sum;
    }
}
