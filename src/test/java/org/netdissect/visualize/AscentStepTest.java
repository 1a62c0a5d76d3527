package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.GridSize;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.RandomSource;
import org.netdissect.visualize.space.Transforms;

/** Steps of the engine's ascent against {@link NaiveAscent}, at odd sizes, with all terms. */
class AscentStepTest {
    private static final int STEPS = 3;
    private static final double RATE = 0.05;
    private static final String CODE = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              layer : __torch__.Layer
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                return torch.mean((self.layer).forward(x, ), [2, 3])
            class Layer(Module):
              __parameters__ = ["w", ]
              __buffers__ = []
              w : Tensor
              def forward(self: __torch__.Layer, x: Tensor) -> Tensor:
                y = torch.conv2d(x, self.w, None, [1, 1], [0, 0], [1, 1], 1)
                return torch.add(y, torch.div(torch.mul(y, y), 3.))
            """;

    @TempDir
    Path scratch;

    private Path archive() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(12 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double[] unit : NaiveAscent.WEIGHTS) {
            for (double weight : unit) {
                bytes.putFloat((float) weight);
            }
        }
        return new TinyArchive()
                .code(CODE)
                .weighted("layer", "Layer", "FloatStorage", "cpu", new int[] {4, 3, 1, 1}, bytes.array())
                .writeTo(scratch);
    }

    @ParameterizedTest
    @CsvSource({
        // objective, basis, size, input, moves, decay, variation, diversity
        "CHANNEL, FOURIER, 6x5, 6x5, none, 1, 0, 0",
        "CHANNEL, FOURIER, 5x6, 4x7, 'jitter=1,scale=0.8:1.3,rotate=25', 1, 0, 0",
        "CHANNEL, FOURIER, 3x8, 3x8, 'pad=2', 2, 0, 0",
        "CHANNEL, FOURIER, 1x4, 1x4, none, 0, 0, 0",
        "CHANNEL, FOURIER, 6x5, 6x5, none, 1.5, 0.7, 0",
        "CHANNEL, FOURIER, 5x5, 5x5, 'rotate=40', 1, 0, 3",
        "CHANNEL, PIXELS, 6x5, 3x9, none, 1, 0, 0",
        "CHANNEL, PIXELS, 6x5, 6x5, 'jitter=2', 1, 0.4, 2",
        "CHANNEL, MACO, 6x5, 6x5, none, 1, 0, 0",
        "CHANNEL, MACO, 5x6, 5x6, 'scale=0.5:0.7', 1, 0, 0",
        "NEURON, FOURIER, 6x5, 6x5, none, 1, 0, 0",
        "NEURON, PIXELS, 4x4, 7x6, 'rotate=90', 1, 0, 0",
        "LAYER, FOURIER, 6x5, 6x5, 'jitter=1.5', 1, 0, 0",
        "DIRECTION, FOURIER, 6x5, 6x5, none, 1, 0, 0",
        "LOGIT, FOURIER, 5x6, 5x6, 'rotate=30', 1, 0, 0",
        "PROBABILITY, FOURIER, 6x5, 6x5, none, 1, 0, 0",
        "PROBABILITY, MACO, 5x4, 5x4, 'jitter=1', 1, 0, 0",
    })
    void stepsAreThoseOfTheDefinitions(
            Visualized.Objective objective,
            ImageBasis basis,
            String sizeText,
            String inputText,
            String moves,
            double decay,
            double variation,
            double diversity)
            throws Exception {
        GridSize size = size(sizeText);
        GridSize input = size(inputText);
        List<Target> group = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int index = objective == Visualized.Objective.LAYER || objective == Visualized.Objective.DIRECTION ? 0 : i;
            group.add(new Target(objective, index, i == 2, i + 1, ""));
        }
        boolean ofClass = objective == Visualized.Objective.LOGIT || objective == Visualized.Objective.PROBABILITY;
        float[] vector = {0.5f, -1, 0.25f, 2};
        FloatTensor directions = objective == Visualized.Objective.DIRECTION ? new FloatTensor(vector, 1, 4) : null;
        Path model = archive();
        String layer = ofClass ? TorchScriptArchive.OUTPUT : "layer";
        try (LoadedNetwork loaded = LayerNetworks.load(model, layer, scratch)) {
            Preprocessing preprocessing =
                    new Preprocessing(ChannelOrder.BGR, 255, List.of(0.4f, 0.5f, 0.6f), List.of(0.5f, 0.25f, 0.2f));
            LayerNetwork network = LayerNetworks.of(loaded, model, layer, preprocessing, input, objective, directions);
            NaiveAscent naive = new NaiveAscent(basis, size, input, objective, group);
            float[] amplitudes = amplitudes(size);
            naive.amplitudes = doubles(amplitudes, 0, amplitudes.length);
            naive.direction = doubles(vector, 0, vector.length);
            naive.decay = decay;
            naive.variation = (float) variation;
            naive.diversity = (float) diversity;
            ImageSpace space =
                    new ImageSpace(basis, 3, size, decay, basis == ImageBasis.MACO ? amplitudes : null, null);
            Transforms transforms = Transforms.parse(moves, size);
            AscentSettings settings = new AscentSettings(STEPS, RATE, transforms, variation, diversity, false, 5);
            compare(new Ascent(network, space, settings, group), space, transforms, naive);
        }
    }

    private static void compare(Ascent ascent, ImageSpace space, Transforms transforms, NaiveAscent naive) {
        int images = naive.group.size();
        Random random = new Random(3);
        double deviation = naive.basis == ImageBasis.FOURIER ? 0.4 : 1;
        float[] parameter = new float[images * space.numbers()];
        for (int i = 0; i < parameter.length; i++) {
            parameter[i] = (float) (deviation * random.nextGaussian());
        }
        long[] shape = space.shape(images);
        FloatTensor zeros = new FloatTensor(new float[parameter.length], shape);
        AscentState state =
                new AscentState(0, new FloatTensor(parameter, shape), zeros, zeros, new float[0][], new int[images]);
        double[][] own = new double[images][];
        for (int i = 0; i < images; i++) {
            own[i] = doubles(parameter, i * space.numbers(), space.numbers());
        }
        double[][] first = new double[images][space.numbers()];
        double[][] second = new double[images][space.numbers()];
        for (int step = 0; step < STEPS; step++) {
            naive.moves = moves(naive, transforms, step);
            double[] values = naive.values(own);
            double[][] gradients = naive.gradients(own);
            state = ascent.advance(state, 1);
            for (int i = 0; i < images; i++) {
                assertEquals(values[i], state.objectives()[step][i], 2e-5 * (1 + Math.abs(values[i])), "step " + step);
                NaiveAscent.step(own[i], first[i], second[i], gradients[i], step + 1, RATE);
                float[] moment = state.first().values();
                double error = relative(first[i], doubles(moment, i * space.numbers(), space.numbers()));
                assertTrue(error < 1e-4, "gradients to step " + step + ", image " + i + ": relative error " + error);
            }
        }
        float[] pixels = ascent.images(state).values();
        int cells = 3 * naive.size.cells();
        for (int i = 0; i < images; i++) {
            double[][][] image = naive.image(own[i]);
            for (int k = 0; k < cells; k++) {
                int place = k % naive.size.cells();
                double expected = image[k / naive.size.cells()][place / naive.size.width()][place % naive.size.width()];
                assertEquals(expected, pixels[i * cells + k], 1e-4, "image " + i + ", number " + k);
            }
        }
    }

    private static float @Nullable [][] moves(NaiveAscent naive, Transforms transforms, int step) {
        if (transforms.isNone() && naive.size.equals(naive.input)) {
            return null;
        }
        float[][] moves = new float[naive.group.size()][Transforms.NUMBERS];
        for (int i = 0; i < moves.length; i++) {
            Random random = RandomSource.of(5, naive.group.get(i).purpose(Target.MOVES, step));
            transforms.draw(random, naive.size, moves[i], 0);
        }
        return moves;
    }

    private static float[] amplitudes(GridSize size) {
        Random random = new Random(8);
        float[] amplitudes = new float[3 * size.height() * (size.width() / 2 + 1)];
        for (int i = 0; i < amplitudes.length; i++) {
            amplitudes[i] = 0.2f + random.nextFloat();
        }
        return amplitudes;
    }

    private static GridSize size(String text) {
        String[] sides = text.split("x");
        return new GridSize(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    private static double[] doubles(float[] values, int from, int count) {
        double[] doubles = new double[count];
        for (int i = 0; i < count; i++) {
            doubles[i] = values[from + i];
        }
        return doubles;
    }

    /** Length of the difference, divided by the length of the first. */
    private static double relative(double[] expected, double[] found) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (expected[i] - found[i]) * (expected[i] - found[i]);
            length += expected[i] * expected[i];
        }
        return Math.sqrt(difference / length);
    }
}
