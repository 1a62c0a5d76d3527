package org.netdissect.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.base.SharedData;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.InputBatch;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.NetworkOutput;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.torchscript.TorchScriptArchive;

/** Attributions against sums by hand and finite differences, in the engine. */
class AttributionTest {
    private static final GridSize SIZE = new GridSize(4, 5);
    private static final float[] WEIGHTS = {2, -1, 0.5f};
    private static final int UNITS = WEIGHTS.length;

    @TempDir
    Path scratch;

    /** A network whose layer {@code a} multiplies each channel by its weight; {@code y} is its output. */
    private Path tiny(String layer, String body) throws Exception {
        return new TinyArchive()
                .weighted("a", "A", WEIGHTS)
                .code("""
                        class A(Module):
                          __parameters__ = ["w", ]
                          __buffers__ = []
                          w : Tensor
                          def forward(self: __torch__.A,
                            x: Tensor) -> Tensor:
                        %s
                        class Net(Module):
                          __parameters__ = []
                          __buffers__ = []
                          a : __torch__.A
                          def forward(self: __torch__.Net,
                            x: Tensor) -> Tensor:
                        %s
                        """.formatted(
                                layer.indent(4).stripTrailing(), body.indent(4).stripTrailing()))
                .writeTo(scratch);
    }

    private Path tiny(String body) throws Exception {
        return tiny("return torch.mul(x, self.w)", body);
    }

    private static InputBatch batch(float[] values, GridSize size) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        buffer.asFloatBuffer().put(values);
        return new InputBatch(buffer, 1, 3, size);
    }

    private static float[] noise(GridSize size) {
        Random random = new Random(3);
        float[] values = new float[3 * size.cells()];
        for (int i = 0; i < values.length; i++) {
            double value = random.nextGaussian();
            // away from the corner of a ReLU, where differences are no gradients
            values[i] = (float) (value + Math.copySign(0.1, value));
        }
        return values;
    }

    private LayerAttribution attribution(Path model, float[] image, int index, boolean logarithm, String axes)
            throws Exception {
        TorchScriptArchive archive = TorchScriptArchive.open(model);
        LayerMaps maps = LayerMaps.of(archive, Map.of("a", AxesSpec.parse(axes)), SIZE);
        return Objects.requireNonNull(new Attribution(archive, maps, ComputeDevice.CPU)
                .of(batch(image, SIZE), index, logarithm, List.of("a"), scratch)
                .get("a"));
    }

    /** Class 0 is twice unit 0's mean less unit 2's, plus 5; class 1 has powers. */
    private static final String LINEAR = """
            y = (self.a).forward(x, )
            p = torch.mean(y, [2, 3])
            u = torch.select(p, 1, 0)
            v = torch.select(p, 1, 1)
            w = torch.select(p, 1, 2)
            first = torch.add(torch.sub(torch.mul(u, 2), w), 5)
            second = torch.add(torch.mul(torch.mul(u, u), v), torch.mean(torch.sin(torch.flatten(y, 1)), [1]))
            return torch.stack([first, second], 1)
            """;

    private static double mean(float[] image, int channel) {
        double sum = 0;
        for (int i = 0; i < SIZE.cells(); i++) {
            sum += image[channel * SIZE.cells() + i] * (double) WEIGHTS[channel];
        }
        return sum / SIZE.cells();
    }

    @Test
    void beforeALinearMapAttributionsAreTheTermsOfTheScore() throws Exception {
        Path model = tiny(LINEAR);
        float[] image = noise(SIZE);
        LayerAttribution found = attribution(model, image, 0, false, "nuyx");
        assertEquals(UNITS, found.units());
        assertEquals(SIZE, found.map());
        double[] units = found.byUnit();
        assertEquals(2 * mean(image, 0), units[0], 1e-5);
        assertEquals(0, units[1], 0);
        assertEquals(-mean(image, 2), units[2], 1e-5);
        assertEquals(score(model, image, 0) - 5, found.sum(), 1e-5);
        double[] places = found.byPlace();
        for (int cell = 0; cell < SIZE.cells(); cell++) {
            double expected =
                    (2 * image[cell] * WEIGHTS[0] - image[2 * SIZE.cells() + cell] * WEIGHTS[2]) / SIZE.cells();
            assertEquals(expected, places[cell], 1e-6);
        }
    }

    private double score(Path model, float[] image, int index) throws Exception {
        try (LoadedNetwork network =
                LoadedNetwork.load(TorchScriptArchive.open(model), List.of(), ComputeDevice.CPU, scratch)) {
            return NetworkOutput.scores(network, batch(image, SIZE)).orElseThrow()[index];
        }
    }

    /** The layer multiplies by a weight, so a change of its input divided by the weight is one of its output. */
    private void assertGradientIsThatOfDifferences(Path model, float[] image, int index, LayerAttribution found)
            throws Exception {
        TorchScriptArchive archive = TorchScriptArchive.open(model);
        try (LoadedNetwork network = LoadedNetwork.load(archive, List.of(), ComputeDevice.CPU, scratch)) {
            float step = 1e-2f;
            for (int i = 0; i < image.length; i++) {
                int unit = i / SIZE.cells();
                float[] up = image.clone();
                float[] down = image.clone();
                up[i] += step / WEIGHTS[unit];
                down[i] -= step / WEIGHTS[unit];
                double slope = (NetworkOutput.scores(network, batch(up, SIZE)).orElseThrow()[index]
                                - NetworkOutput.scores(network, batch(down, SIZE))
                                        .orElseThrow()[index])
                        / (2 * step);
                assertEquals(slope, found.gradients()[i], 1e-4, "unit " + unit);
                assertEquals(image[i] * WEIGHTS[unit], found.activations()[i], 1e-6);
            }
        }
    }

    @Test
    void gradientsEqualFiniteDifferences() throws Exception {
        Path model = tiny(LINEAR);
        float[] image = noise(SIZE);
        assertGradientIsThatOfDifferences(model, image, 1, attribution(model, image, 1, false, "nuyx"));
    }

    /** The layer's dimensions are turned, and what follows works in place. */
    @Test
    void axesInAnotherOrderAndOperatorsInPlace() throws Exception {
        Path model = tiny("return torch.permute(torch.mul(x, self.w), [0, 2, 3, 1])", """
                y = (self.a).forward(x, )
                z = torch.mul(torch.relu_(y), 3)
                p = torch.mean(z, [1, 2])
                return torch.add(torch.mul(p, p), 1)
                """);
        float[] image = noise(SIZE);
        LayerAttribution found = attribution(model, image, 2, false, "nyxu");
        assertGradientIsThatOfDifferences(model, image, 2, found);
        assertTrue(found.byUnit()[2] > 0);
        assertEquals(0, found.byUnit()[0], 0);
    }

    @Test
    void aProbabilityIsAttributedByItsLogarithm() throws Exception {
        Path model = tiny("""
                y = (self.a).forward(x, )
                return torch.softmax(torch.mean(y, [2, 3]), 1)
                """);
        float[] image = noise(SIZE);
        double[] p = {score(model, image, 0), score(model, image, 1), score(model, image, 2)};
        double[] units = attribution(model, image, 1, true, "nuyx").byUnit();
        for (int unit = 0; unit < UNITS; unit++) {
            assertEquals(((unit == 1 ? 1 : 0) - p[unit]) * mean(image, unit), units[unit], 1e-5);
        }
    }

    private void refused(Class<? extends RuntimeException> type, String message, String body) throws Exception {
        Path model = tiny(body);
        RuntimeException e = assertThrows(type, () -> attribution(model, noise(SIZE), 0, false, "nuyx"));
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "y = (self.a).forward(x, )\nreturn torch.mean(x, [2, 3])",
                "y = (self.a).forward(x, )\nreturn torch.mean(torch.to(torch.gt(y, 0), 6), [2, 3])",
                "y = (self.a).forward(torch.detach(x), )\nreturn torch.to(torch.argmax(torch.flatten(y, 2), 2), 6)",
                "y = (self.a).forward(x, )\nreturn torch.argmax(torch.flatten(y, 2), 2)"
            })
    void layersWithoutAGradientAreRefused(String body) throws Exception {
        refused(InputException.class, "layer a: no gradient of the class's score arrives there", body);
    }

    @Test
    void layersThatAreNotReachedAreRefused() throws Exception {
        refused(InputException.class, "layer a was not reached by the forward pass", """
                if torch.gt(torch.dim(x), 4):
                  y = (self.a).forward(x, )
                else:
                  y = x
                return torch.mean(y, [2, 3])
                """);
    }

    @Test
    void aGradientThatIsNotANumberNamesItsUnit() throws Exception {
        refused(RunException.class, "layer a, unit 1: the gradient is ", """
                y = (self.a).forward(x, )
                p = torch.mean(y, [2, 3])
                return torch.sqrt(torch.mul(torch.neg(torch.abs(p)), 1))
                """);
    }

    /** A mean of act10 is the network's score, and act10 is almost linear in fire9. */
    @Test
    void inARealNetworkAttributionsHaveTheScoreAsTheirSum() throws Exception {
        Path model = SharedData.require("models/squeezenet1_1bn-places365.traced.pt");
        TorchScriptArchive archive = TorchScriptArchive.open(model);
        GridSize size = new GridSize(96, 96);
        LayerMaps maps = LayerMaps.of(archive, Map.of(), size);
        InputBatch image = batch(noise(size), size);
        float score;
        try (LoadedNetwork network = LoadedNetwork.load(archive, List.of(), ComputeDevice.CPU, scratch)) {
            score = NetworkOutput.scores(network, image).orElseThrow()[7];
        }
        Map<String, LayerAttribution> found = new Attribution(archive, maps, ComputeDevice.CPU)
                .of(image, 7, false, List.of("fire5", "act10"), scratch);
        LayerAttribution last = Objects.requireNonNull(found.get("act10"));
        assertEquals(score, last.sum(), 1e-4 * Math.abs(score));
        assertEquals(last.sum(), last.byUnit()[7], 1e-9);
        LayerAttribution early = Objects.requireNonNull(found.get("fire5"));
        double places = 0;
        for (double place : early.byPlace()) {
            places += place;
        }
        assertEquals(early.sum(), places, 1e-4 * Math.abs(places));
    }
}
