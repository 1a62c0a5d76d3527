package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.SharedData;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.InputBatch;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LayerOutput;
import org.netdissect.network.LayerOutputs;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.network.TappedForward;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.Colours;

/** Measurements with networks in the engine. */
class QualityEngineTest {
    private static final Path SAMPLE = Path.of("broden-sample", "scenenet.pt");
    private static final Preprocessing OF_SAMPLE =
            new Preprocessing(ChannelOrder.RGB, 255, List.of(.5f, .5f, .5f), List.of(.25f, .25f, .25f));
    private static final GridSize SIZE = new GridSize(64, 48);
    private static final FloatTensor STILL = new FloatTensor(new float[1], 1);
    private static final FloatTensor IDENTITY = new FloatTensor(new float[] {1, 0, 0, 0, 1, 0}, 1, 1, 2, 3);

    @TempDir
    static Path scratch;

    private interface Question {
        void ask(LayerNetwork network) throws Exception;
    }

    private static void sample(
            String layer, Visualized.Objective objective, @Nullable FloatTensor directions, Question question)
            throws Exception {
        try (LoadedNetwork network = LayerNetworks.load(SAMPLE, layer, scratch)) {
            question.ask(LayerNetworks.of(network, SAMPLE, layer, OF_SAMPLE, SIZE, objective, directions));
        }
    }

    private static void sample(Question question) throws Exception {
        sample("layer4", Visualized.Objective.CHANNEL, null, question);
    }

    private static FloatTensor noise(int images, GridSize size) {
        float[] values = new float[images * 3 * size.cells()];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(256) / 255f;
        }
        return new FloatTensor(values, images, 3, size.height(), size.width());
    }

    /** A layer's maps {@code [images][units][cells]} by the plain tapped forward. */
    private static LayerOutput plain(Path model, String layer, Preprocessing preprocessing, FloatTensor images)
            throws Exception {
        GridSize size = new GridSize((int) images.shape()[2], (int) images.shape()[3]);
        ByteBuffer values =
                ByteBuffer.allocateDirect(images.values().length * Float.BYTES).order(ByteOrder.nativeOrder());
        for (int at = 0; at < images.values().length; at++) {
            int channel = at / size.cells() % 3;
            int colour = preprocessing.channels() == ChannelOrder.BGR ? 2 - channel : channel;
            float pixel = images.values()[at + (colour - channel) * size.cells()] * 255;
            values.putFloat(
                    (pixel / preprocessing.pixelScale() - preprocessing.mean().get(channel))
                            / preprocessing.std().get(channel));
        }
        TorchScriptArchive archive = TorchScriptArchive.open(model);
        try (LoadedNetwork network = LoadedNetwork.load(archive, List.of(layer), ComputeDevice.CPU, scratch);
                LayerOutputs outputs = new TappedForward(network, LayerMaps.of(archive, Map.of(), size))
                        .forward(new InputBatch(values.flip(), (int) images.shape()[0], 3, size))) {
            LayerOutput output = outputs.layer(layer);
            ByteBuffer copy = ByteBuffer.allocate(output.values().remaining()).order(ByteOrder.nativeOrder());
            copy.put(output.values().duplicate()).flip();
            return new LayerOutput(output.units(), output.map(), copy);
        }
    }

    private static float[] numbers(LayerOutput output) {
        float[] numbers = new float[output.values().remaining() / Float.BYTES];
        output.values()
                .duplicate()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .get(numbers);
        return numbers;
    }

    private static float[] means(LayerOutput output) {
        float[] maps = numbers(output);
        int cells = output.map().cells();
        float[] means = new float[maps.length / cells];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (int cell = 0; cell < cells; cell++) {
                sum += maps[i * cells + cell];
            }
            means[i] = (float) (sum / cells);
        }
        return means;
    }

    private static void assertClose(float[] expected, float[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * largest, "number " + i);
        }
    }

    @Test
    void scoresOfTheSampleAreTheMeansOfItsMaps() throws Exception {
        FloatTensor images = noise(3, SIZE);
        LayerOutput maps = plain(SAMPLE, "layer4", OF_SAMPLE, images);
        sample(network -> {
            assertEquals(maps.units(), network.scores());
            assertArrayEquals(
                    new long[] {1, 3, maps.units()},
                    network.scores(images, STILL).shape());
            assertClose(means(maps), network.scores(images, STILL).values(), 1e-5);
            FloatTensor same =
                    new FloatTensor(new float[] {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0}, 1, 3, 2, 3);
            assertClose(means(maps), network.scores(images, same).values(), 1e-4);
        });
    }

    @Test
    void scoresOfNeuronsLayersAndDirections() throws Exception {
        FloatTensor images = noise(2, SIZE);
        LayerOutput maps = plain(SAMPLE, "layer4", OF_SAMPLE, images);
        float[] all = numbers(maps);
        int units = maps.units();
        int cells = maps.map().cells();
        float[] middle = new float[2 * units];
        int place = maps.map().height() / 2 * maps.map().width() + maps.map().width() / 2;
        float[] squares = new float[2];
        for (int i = 0; i < all.length; i++) {
            if (i % cells == place) {
                middle[i / cells] = all[i];
            }
            squares[i / (units * cells)] += all[i] * all[i] / (units * cells);
        }
        float[] vectors = new float[3 * units];
        Random random = new Random(3);
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = (float) random.nextGaussian();
        }
        float[] products = new float[2 * 3];
        for (int i = 0; i < products.length; i++) {
            for (int unit = 0; unit < units; unit++) {
                products[i] += means(maps)[i / 3 * units + unit] * vectors[i % 3 * units + unit];
            }
        }
        sample(
                "layer4",
                Visualized.Objective.NEURON,
                null,
                network -> assertClose(middle, network.scores(images, STILL).values(), 1e-5));
        sample("layer4", Visualized.Objective.LAYER, null, network -> {
            assertEquals(1, network.scores());
            assertClose(squares, network.scores(images, STILL).values(), 1e-5);
        });
        sample("layer4", Visualized.Objective.DIRECTION, new FloatTensor(vectors, 3, units), network -> {
            assertEquals(3, network.scores());
            assertClose(products, network.scores(images, STILL).values(), 1e-5);
        });
    }

    @Test
    void scoresOfARealNetworkAtTheIdentity() throws Exception {
        Path model = SharedData.require("models/squeezenet1_1bn-places365.traced.pt");
        Preprocessing bgr =
                new Preprocessing(ChannelOrder.BGR, 1, List.of(105.5f, 113f, 116.3f), List.of(255f, 255f, 255f));
        GridSize size = new GridSize(128, 128);
        List<FloatTensor> batches = new ArrayList<>();
        new ProbeImages(ProbeSet.open(SharedData.require("probe")), 3, size, 3)
                .pass(1, ProgressListener.NONE, batch -> batch, batches::add);
        FloatTensor images = batches.get(0);
        float[] expected = means(plain(model, "fire9", bgr, images));
        try (LoadedNetwork loaded = LayerNetworks.load(model, "fire9", scratch)) {
            LayerNetwork network =
                    LayerNetworks.of(loaded, model, "fire9", bgr, size, Visualized.Objective.CHANNEL, null);
            assertClose(expected, network.scores(images, STILL).values(), 1e-5);
            float[] one = Arrays.copyOf(images.values(), 3 * size.cells());
            assertClose(
                    Arrays.copyOf(expected, network.scores()),
                    network.scores(new FloatTensor(one, 1, 3, 128, 128), IDENTITY)
                            .values(),
                    1e-4);
        }
    }

    /** An image of another size than the network's input is sampled to it, without moves too. */
    @Test
    void imagesOfAnotherSize() throws Exception {
        FloatTensor images = noise(2, new GridSize(40, 56));
        FloatTensor identities = new FloatTensor(new float[] {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0}, 1, 2, 2, 3);
        sample(network -> assertArrayEquals(
                network.scores(images, identities).values(),
                network.scores(images, STILL).values()));
    }

    /** The amplitudes by the formula of the transform, and the means over rings by the definition of a ring. */
    @Test
    void amplitudesAreThoseOfANaiveTransform() throws Exception {
        GridSize size = new GridSize(8, 6);
        FloatTensor images = noise(2, size);
        FloatTensor colours = Colours.decorrelating(3);
        float[] expected = new float[2 * 3 * 8 * 4];
        for (int i = 0; i < expected.length; i++) {
            int x = i % 4;
            int y = i / 4 % 8;
            int colour = i / 32 % 3;
            int image = i / 96;
            double real = 0;
            double imaginary = 0;
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 6; column++) {
                    double value = 0;
                    for (int channel = 0; channel < 3; channel++) {
                        value += colours.values()[colour * 3 + channel]
                                * images.values()[((image * 3 + channel) * 8 + row) * 6 + column];
                    }
                    double angle = 2 * Math.PI * (row * y / 8.0 + column * x / 6.0);
                    real += value * Math.cos(angle);
                    imaginary -= value * Math.sin(angle);
                }
            }
            expected[i] = (float) (Math.hypot(real, imaginary) / Math.sqrt(48));
        }
        sample(network ->
                assertClose(expected, network.amplitudes(images, colours).values(), 1e-6));
    }

    @Test
    void amplitudesOfTheProbeSetAreMeans() throws Exception {
        ProbeImages images = new ProbeImages(MadeSource.random(11, 5), 11, new GridSize(8, 6), 3);
        List<float[]> each = new ArrayList<>();
        sample(network -> {
            images.pass(
                    1,
                    ProgressListener.NONE,
                    batch -> network.amplitudes(batch, Colours.decorrelating(3)).values(),
                    each::add);
            double[] sums = new double[3 * 8 * 4];
            for (float[] batch : each) {
                for (int i = 0; i < batch.length; i++) {
                    sums[i % sums.length] += batch[i];
                }
            }
            float[] expected = new float[sums.length];
            for (int i = 0; i < sums.length; i++) {
                expected[i] = (float) (sums[i] / 11);
            }
            assertClose(expected, MeanAmplitudes.of(images, network, 2, ProgressListener.NONE), 1e-6);
        });
    }

    @Test
    void statisticsDoNotDependOnThreads() throws Exception {
        ProbeImages images = new ProbeImages(MadeSource.random(45, 6), 40, SIZE, 3);
        FloatTensor noise = noise(2, SIZE);
        sample(network -> {
            ProbeStatistics one = ProbeStatistics.measure(images, network, 1, ProgressListener.NONE);
            ProbeStatistics four = ProbeStatistics.measure(images, network, 4, ProgressListener.NONE);
            assertEquals(40, one.images());
            assertEquals(network.scores(), one.columns());
            for (int column = 0; column < one.columns(); column++) {
                assertEquals(one.best(column, false), four.best(column, false));
                assertEquals(one.best(column, true), four.best(column, true));
                assertEquals(one.z(column, .3), four.z(column, .3));
            }
            double[] distances = one.spectrumDistances(network, noise);
            assertArrayEquals(distances, four.spectrumDistances(network, noise));
            assertTrue(distances[0] > 0);
        });
    }

    @Test
    void qualityOfABatchWithAnImageThatIsNoNumber() throws Exception {
        ProbeImages images = new ProbeImages(MadeSource.random(20, 7), 20, SIZE, 3);
        FloatTensor batch = noise(3, SIZE);
        FloatTensor broken = new FloatTensor(batch.values().clone(), batch.shape());
        broken.values()[3 * SIZE.cells() + 5] = Float.NaN;
        List<Target> group = List.of(target(0, false), target(2, true), target(3, true));
        sample(network -> {
            ProbeStatistics probe = ProbeStatistics.measure(images, network, 2, ProgressListener.NONE);
            List<Quality> whole = Quality.of(network, probe, batch, group, 5);
            List<Quality> part = Quality.of(network, probe, broken, group, 5);
            assertEquals(whole.get(0), part.get(0));
            assertEquals(new Quality(null, null, null, null, null), part.get(1));
            assertEquals(whole.get(2), part.get(2));
            float[] scores = network.scores(batch, STILL).values();
            assertEquals((double) scores[2 * network.scores() + 3], whole.get(2).end());
            assertEquals(probe.best(3, true), whole.get(2).probeBest());
            assertNotNull(whole.get(2).underMoves());
            Quality alone = Quality.of(network, null, batch, group, 5).get(2);
            assertEquals(new Quality(whole.get(2).end(), null, whole.get(2).underMoves(), null, null), alone);
            assertTrue(!whole.equals(Quality.of(network, probe, batch, group, 6)), "the seed draws the moves");
            assertNull(alone.firstUnderMoves());
        });
    }

    private static Target target(int channel, boolean negative) {
        return new Target(Visualized.Objective.CHANNEL, channel, negative, 1, "");
    }

    /** The medians and 95 % of design/visualize.md 5 by its definition. */
    @Test
    void probeImagesAreNearThemselves() throws Exception {
        GridSize size = new GridSize(128, 128);
        ProbeImages images = new ProbeImages(ProbeSet.open(SharedData.require("probe")), 150, size, 3);
        try (LoadedNetwork loaded = LayerNetworks.load(SAMPLE, "layer4", scratch)) {
            LayerNetwork network =
                    LayerNetworks.of(loaded, SAMPLE, "layer4", OF_SAMPLE, size, Visualized.Objective.CHANNEL, null);
            ProbeStatistics probe = ProbeStatistics.measure(images, network, 2, ProgressListener.NONE);
            List<Double> distances = new ArrayList<>();
            images.pass(
                    2,
                    ProgressListener.NONE,
                    batch -> probe.spectrumDistances(network, batch),
                    batch -> Arrays.stream(batch).forEach(distances::add));
            distances.sort(null);
            assertEquals(.53, (distances.get(74) + distances.get(75)) / 2, .01);
            assertEquals(1.67, distances.get(142), .05);
        }
    }
}
