package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.SharedData;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.visualize.space.Transforms;

class LearnedPriorTest {
    /** Units are the means of the colours, and of red times green. */
    private static final String NETWORK = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              units : __torch__.Units
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                return (self.units).forward(x, )
            class Units(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Units, x: Tensor) -> Tensor:
                product = torch.mul(torch.slice(x, 1, 0, 1), torch.slice(x, 1, 1, 2))
                return torch.cat([x, product], 1)
            """;

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    /** A generator whose forward is this text. */
    private Path generator(String... lines) throws Exception {
        return generator("z: Tensor", lines);
    }

    private Path generator(String parameters, String[] lines) throws Exception {
        String code = """
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  part : __torch__.Part
                  def forward(self: __torch__.Net, %s) -> Tensor:
                    %s
                class Part(Module):
                  __parameters__ = []
                  __buffers__ = []
                  def forward(self: __torch__.Part, z: Tensor) -> Tensor:
                    return z
                """.formatted(parameters, String.join("\n    ", lines));
        return new TinyArchive().code(code).runnable("part", "Part").writeTo(Files.createTempDirectory(folder, "g"));
    }

    private LearnedPrior find(Path file, int latents, LatentDistribution distribution) throws Exception {
        return LearnedPrior.find(
                new VisualizationSettings.Prior(file, latents, distribution), ComputeDevice.CPU, folder, notes::add);
    }

    private LearnedPrior find(Path file, int latents) throws Exception {
        return find(file, latents, LatentDistribution.UNIFORM);
    }

    @Test
    void findsWhatGeneratorsTakeAndMake() throws Exception {
        LearnedPrior flat = find(generator("return torch.tanh(torch.view(z, [-1, 3, 2, 2]))"), 12);
        assertEquals(0, flat.sides());
        assertEquals(3, flat.channels());
        assertEquals(new GridSize(2, 2), flat.size());
        assertEquals(0.5f, flat.factor());
        assertEquals(0.5f, flat.offset());
        LearnedPrior deep = find(
                generator(
                        "if torch.ne(torch.dim(z), 4):",
                        "  ops.prim.RaiseException(\"expected four dimensions\")",
                        "return torch.reshape(torch.sigmoid(z), [-1, 1, 10, 10])"),
                0);
        assertEquals(2, deep.sides());
        assertEquals(100, deep.latents());
        assertEquals(1, deep.channels());
        assertEquals(1f, deep.factor());
        assertEquals(0f, deep.offset());
        assertEquals(List.of(), notes);
    }

    @Test
    void findsTheFaces() throws Exception {
        LearnedPrior faces = find(SharedData.require("models/dcgan-faces.traced.pt"), 0);
        assertEquals(100, faces.latents());
        assertEquals(3, faces.channels());
        assertEquals(new GridSize(32, 32), faces.size());
        assertEquals(0.5f, faces.factor());
        assertEquals(new GridSize(128, 128), faces.seenSize());
        assertEquals(List.of(), notes);
    }

    @Test
    void tellsOutputsThatLeaveTheRange() throws Exception {
        LearnedPrior wide = find(generator("return torch.mul(torch.view(z, [-1, 3, 2, 2]), 3)"), 12);
        assertTrue(notes.get(0).contains("leaves -1..1"), notes.toString());
        float[] image;
        try (Generator generator = wide.load(ComputeDevice.CPU, folder)) {
            float[] parameter = new float[12];
            parameter[0] = 1;
            image = generator.images(new FloatTensor(parameter, 1, 12)).values();
        }
        assertEquals(1f, image[0]);
        assertEquals(0.5f, image[1]);
    }

    @Test
    void keepsLatentsAtTheirUsualLength() throws Exception {
        Path file = generator("return torch.mul(torch.view(z, [-1, 3, 2, 2]), 0.1)");
        float[] parameter = new float[12];
        LearnedPrior.draw(new Random(3), parameter, 0, 12);
        double square = 0;
        for (float value : parameter) {
            square += value * value / 12;
        }
        for (LatentDistribution distribution : LatentDistribution.values()) {
            LearnedPrior prior = find(file, 12, distribution);
            try (Generator generator = prior.load(ComputeDevice.CPU, folder)) {
                float[] once =
                        generator.images(new FloatTensor(parameter, 1, 12)).values();
                float[] twice = new float[12];
                for (int i = 0; i < 12; i++) {
                    twice[i] = 2 * parameter[i];
                }
                assertArrayEquals(
                        once, generator.images(new FloatTensor(twice, 1, 12)).values(), 1e-6f);
                for (int i = 0; i < 12; i++) {
                    double normal = parameter[i] / Math.sqrt(square);
                    double expected = distribution == LatentDistribution.NORMAL ? normal : uniform(normal);
                    assertEquals(0.5 + 0.05 * expected, once[i], 1e-5);
                }
            }
        }
    }

    /** The share of normal numbers between -x and x, by the midpoint rule, with the sign of x. */
    private static double uniform(double x) {
        double sum = 0;
        int parts = 2000;
        for (int i = 0; i < parts; i++) {
            double t = (i + 0.5) / parts * x;
            sum += Math.exp(-t * t / 2) * x / parts;
        }
        return 2 * sum / Math.sqrt(2 * Math.PI);
    }

    /** Adam's first step has the learning rate's length in each number, and the gradient's sign. */
    @Test
    void stepsAgainstNumericGradients() throws Exception {
        Path model = new TinyArchive()
                .code(NETWORK)
                .runnable("units", "Units")
                .writeTo(Files.createTempDirectory(folder, "n"));
        LearnedPrior prior = find(
                generator(
                        "mixed = torch.add(z, torch.mul(torch.roll(z, [1], [1]), z))",
                        "return torch.tanh(torch.view(mixed, [-1, 3, 2, 2]))"),
                12);
        Preprocessing plain = new Preprocessing(ChannelOrder.RGB, 255, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
        try (LoadedNetwork loaded = LayerNetworks.load(model, "units", folder);
                Generator generator = prior.load(ComputeDevice.CPU, folder)) {
            LayerNetwork network =
                    LayerNetworks.of(loaded, model, "units", plain, prior.size(), Visualized.Objective.CHANNEL, null);
            LatentParameterization images = new LatentParameterization(network, generator);
            List<Target> group = List.of(target(3, false), target(0, true));
            AscentSettings settings = new AscentSettings(8, 0.01, Transforms.NONE, 0, 0, false, 5);
            Ascent ascent = new Ascent(images, settings, group);
            AscentState start = ascent.start();
            AscentState first = ascent.advance(start, 1);
            for (int i = 0; i < group.size(); i++) {
                for (int number = 0; number < 12; number++) {
                    int at = i * 12 + number;
                    double slope = slope(network, images, start.parameter(), at, i, group.get(i));
                    double step =
                            first.parameter().values()[at] - start.parameter().values()[at];
                    if (Math.abs(slope) > 1e-3) {
                        assertEquals(Math.signum(slope) * 0.01, step, 1e-4, "image " + i + ", number " + number);
                    }
                }
            }
            AscentState end = ascent.advance(ascent.advance(start, 3), 8);
            AscentState atOnce = ascent.advance(start, 8);
            assertEquals(8, end.steps());
            assertArrayEquals(atOnce.parameter().values(), end.parameter().values());
            assertTrue(end.objectives()[7][0] > start(end, 0), "unit 3 rises");
            assertTrue(end.objectives()[7][1] < start(end, 1), "unit 0 falls");
        }
    }

    private static float start(AscentState state, int image) {
        return state.objectives()[0][image];
    }

    private static Target target(int unit, boolean negative) {
        return new Target(Visualized.Objective.CHANNEL, unit, negative, 1, "");
    }

    /** The objective's slope, of the sign that the ascent raises. */
    private static double slope(
            LayerNetwork network,
            LatentParameterization images,
            FloatTensor parameter,
            int at,
            int image,
            Target target) {
        double[] values = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = parameter.values().clone();
            moved[at] += side == 0 ? -0.01f : 0.01f;
            FloatTensor made = images.images(new FloatTensor(moved, parameter.shape()));
            values[side] =
                    network.scores(made, new FloatTensor(new float[1], 1)).values()[image * 4 + target.index()];
        }
        return (values[1] - values[0]) / 0.02 * (target.negative() ? -1 : 1);
    }

    @Test
    void refusesWhatIsNoGenerator() throws Exception {
        Path text = Files.writeString(folder.resolve("text.pt"), "no archive");
        Map<Path, String> wrong = Map.of(
                text,
                "--generator " + text,
                generator("return torch.tanh(torch.flatten(z, 1))"),
                "expected images [4, channels, height, width]",
                generator("return torch.tanh(torch.view(z, [-1, 2, 2, 3]))"),
                "has 2 channels; expected images of 3 or 1",
                generator("return torch.rand_like(torch.view(z, [-1, 3, 2, 2]))"),
                "makes another image of the same input",
                generator("return torch.detach(torch.tanh(torch.view(z, [-1, 3, 2, 2])))"),
                "no gradient reaches the latent",
                generator("return torch.log(torch.sub(torch.view(z, [-1, 3, 2, 2]), 5))"),
                "has a pixel that is NaN",
                generator("z: Tensor, y: Tensor", new String[] {"return torch.add(z, y)"}),
                "takes 2 arguments");
        for (Map.Entry<Path, String> each : wrong.entrySet()) {
            InputException error = assertThrows(InputException.class, () -> find(each.getKey(), 12), each.getValue());
            assertTrue(String.valueOf(error.getMessage()).contains(each.getValue()), error.getMessage());
            assertTrue(String.valueOf(error.getMessage()).startsWith("--generator "), error.getMessage());
        }
        Path odd = generator("return torch.tanh(torch.view(z, [-1, 3, 7, 11]))");
        InputException unknown = assertThrows(InputException.class, () -> find(odd, 0));
        assertTrue(String.valueOf(unknown.getMessage()).contains("give --latent-size N"), unknown.getMessage());
        InputException other = assertThrows(InputException.class, () -> find(odd, 230));
        assertTrue(
                String.valueOf(other.getMessage()).contains("it takes no latent of 230 numbers"), other.getMessage());
        assertEquals(231, find(odd, 231).latents());
    }
}
