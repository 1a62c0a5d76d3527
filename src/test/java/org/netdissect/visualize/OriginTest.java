package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.PngEncoder;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.Colours;
import org.netdissect.visualize.space.EightBitImage;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

class OriginTest {
    /** Units are the channels and their product; the output is a row of three classes. */
    private static final String CODE = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              units : __torch__.Units
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                return torch.slice(torch.mean((self.units).forward(x, ), [2, 3]), 1, 0, 3)
            class Units(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Units, x: Tensor) -> Tensor:
                last = torch.slice(x, 1, -1)
                product = torch.mul(torch.slice(x, 1, 0, 1), torch.mul(last, torch.roll(last, [1, 1], [2, 3])))
                return torch.cat([x, product], 1)
            """;

    @TempDir
    private Path folder;

    private Path model() throws Exception {
        return new TinyArchive().code(CODE).runnable("units", "Units").writeTo(folder);
    }

    private static Preprocessing plain(int channels) {
        return channels == 1
                ? new Preprocessing(ChannelOrder.GREY, 255, List.of(0f), List.of(1f))
                : new Preprocessing(ChannelOrder.RGB, 255, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    }

    private static LayerNetwork network(LoadedNetwork loaded, Path model, int channels, GridSize size)
            throws Exception {
        return LayerNetworks.of(loaded, model, "units", plain(channels), size, Visualized.Objective.CHANNEL, null);
    }

    /** Whole levels, black and white among them. */
    private static FloatTensor image(int channels, GridSize size) {
        float[] values = new float[channels * size.cells()];
        Random random = new Random(channels + size.width());
        for (int i = 0; i < values.length; i++) {
            int level = i % 5 == 0 ? 0 : i % 5 == 1 ? 255 : random.nextInt(256);
            values[i] = level / 255f;
        }
        return new FloatTensor(values, 1, channels, size.height(), size.width());
    }

    @ParameterizedTest
    @CsvSource({
        "FOURIER, 3, 5, 7",
        "FOURIER, 3, 6, 4",
        "FOURIER, 1, 7, 3",
        "FOURIER, 1, 2, 9",
        "PIXELS, 3, 5, 7",
        "PIXELS, 1, 4, 4"
    })
    void parametersGiveTheImageBack(ImageBasis basis, int channels, int height, int width) throws Exception {
        GridSize size = new GridSize(height, width);
        FloatTensor image = image(channels, size);
        Path model = model();
        try (LoadedNetwork loaded = LayerNetworks.load(model, "units", folder)) {
            LayerNetwork network = network(loaded, model, channels, size);
            ImageSpace space = new ImageSpace(basis, channels, size, 1, null, null);
            float[] parameter = network.parameter(space, image);
            FloatTensor back = network.images(space, new FloatTensor(parameter, space.shape(1)));
            assertArrayEquals(image.values(), back.values(), 1.01f / 255);
        }
    }

    /** With its own amplitudes, an image comes back from its phases up to brightness and contrast of each colour. */
    @Test
    void phasesGiveTheImageBack() throws Exception {
        GridSize size = new GridSize(6, 7);
        FloatTensor image = image(3, size);
        float[] soft = new float[image.values().length];
        float[] logits = new float[soft.length];
        for (int i = 0; i < soft.length; i++) {
            soft[i] = 0.2f + 0.6f * image.values()[i];
            logits[i] = (float) Math.log(soft[i] / (1 - soft[i]));
        }
        Path model = model();
        try (LoadedNetwork loaded = LayerNetworks.load(model, "units", folder)) {
            LayerNetwork network = network(loaded, model, 3, size);
            float[] amplitudes = network.amplitudes(new FloatTensor(logits, image.shape()), Colours.decorrelating(3))
                    .values();
            ImageSpace space = new ImageSpace(ImageBasis.MACO, 3, size, 1, amplitudes, null);
            float[] phases = network.parameter(space, new FloatTensor(soft, image.shape()));
            float[] back = network.images(space, new FloatTensor(phases, space.shape(1)))
                    .values();
            for (int colour = 0; colour < 3; colour++) {
                double[] sums = new double[5];
                int cells = size.cells();
                for (int i = colour * cells; i < (colour + 1) * cells; i++) {
                    double x = logits[i];
                    double y = Math.log(back[i] / (1 - back[i]));
                    double[] terms = {x, y, x * x, y * y, x * y};
                    for (int term = 0; term < 5; term++) {
                        sums[term] += terms[term] / cells;
                    }
                }
                double correlation = (sums[4] - sums[0] * sums[1])
                        / Math.sqrt((sums[2] - sums[0] * sums[0]) * (sums[3] - sums[1] * sums[1]));
                assertEquals(1, correlation, 1e-3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FOURIER, 0.03137, 8", "FOURIER, 0.0393, 10", "PIXELS, 0.03137, 8", "PIXELS, 0.004, 1", "PIXELS, 1, 255"
    })
    void staysWithinWholeLevels(ImageBasis basis, double within, int levels) throws Exception {
        GridSize size = new GridSize(9, 7);
        FloatTensor origin = image(3, size);
        Path model = model();
        try (LoadedNetwork loaded = LayerNetworks.load(model, "units", folder)) {
            LayerNetwork network = network(loaded, model, 3, size);
            ImageSpace space =
                    new ImageSpace(basis, 3, size, 1, null, null).within(Origin.wholeLevels(within), origin.values());
            List<Target> group = List.of(target(3, false), target(3, true), target(0, false));
            AscentSettings settings = new AscentSettings(60, 0.5, Transforms.NONE, 0, 0, false, 1);
            Ascent ascent = new Ascent(new BasisParameterization(network, space), settings, group);
            AscentState start = ascent.start();
            assertArrayEquals(
                    origin.values(),
                    java.util.Arrays.copyOf(ascent.images(start).values(), origin.values().length),
                    1e-6f);
            AscentState end = ascent.advance(start, 60);
            FloatTensor images = ascent.images(end);
            EightBitImage before = EightBitImage.of(origin, 0);
            for (int i = 0; i < group.size(); i++) {
                EightBitImage after = EightBitImage.of(images, i);
                int greatest = 0;
                for (int at = 0; at < after.planes().length; at++) {
                    int difference = Math.abs((after.planes()[at] & 0xff) - (before.planes()[at] & 0xff));
                    assertTrue(difference <= levels, () -> "a difference of " + difference);
                    greatest = Math.max(greatest, difference);
                }
                assertTrue(greatest >= levels * 0.9, "it goes as far as it may: " + greatest);
                float rise = end.objectives()[59][i] - end.objectives()[0][i];
                assertTrue(group.get(i).negative() ? rise < 0 : rise > 0, "image " + i + ": " + rise);
            }
        }
    }

    private static Target target(int unit, boolean negative) {
        return new Target(Visualized.Objective.CHANNEL, unit, negative, 1, "");
    }

    @Test
    void roundsDistancesDownToLevels() {
        assertEquals(8 / 255.0, Origin.wholeLevels(8 / 255.0));
        assertEquals(8 / 255.0, Origin.wholeLevels(0.0314));
        assertEquals(7 / 255.0, Origin.wholeLevels(0.03));
        assertEquals(1 / 255.0, Origin.wholeLevels(1 / 255.0));
        assertEquals(1, Origin.wholeLevels(1));
        InputException error = assertThrows(InputException.class, () -> Origin.wholeLevels(0.0039));
        assertTrue(String.valueOf(error.getMessage()).startsWith("--within 0.0039: "), error.getMessage());
    }

    @Test
    void readsImagesInColourAndGrey() throws Exception {
        byte[] rgb = {(byte) 255, 0, 0, 0, (byte) 255, 0, 10, 20, 30, 90, 90, 90, 0, 0, (byte) 255, 1, 2, 3};
        GridSize stored = new GridSize(2, 3);
        Path file = Files.write(folder.resolve("photo.png"), PngEncoder.encode(rgb, stored));
        assertEquals(stored, Origin.size(file));
        FloatTensor colour = Origin.read(file, stored, 3);
        assertArrayEquals(new long[] {1, 3, 2, 3}, colour.shape());
        for (int i = 0; i < rgb.length; i++) {
            assertEquals((rgb[i] & 0xff) / 255f, colour.values()[i % 3 * 6 + i / 3]);
        }
        FloatTensor grey = Origin.read(file, stored, 1);
        // round(.299 R + .587 G + .114 B)
        float[] brightness = {76, 150, 18, 90, 29, 2};
        for (int i = 0; i < 6; i++) {
            assertEquals(brightness[i] / 255, grey.values()[i]);
        }
        GridSize wide = new GridSize(4, 5);
        byte[] resized = BilinearResize.resize(rgb, stored, wide);
        assertEquals((resized[1] & 0xff) / 255f, Origin.read(file, wide, 3).values()[20]);
        InputException error = assertThrows(InputException.class, () -> Origin.read(file, stored, 4));
        assertTrue(String.valueOf(error.getMessage()).contains("the network takes 4 channels"), error.getMessage());
    }

    @Test
    void makesLargePhotographsSmaller() throws Exception {
        Path file = Files.write(
                folder.resolve("large.png"), PngEncoder.encode(new byte[1024 * 3 * 3], new GridSize(3, 1024)));
        assertEquals(new GridSize(2, 512), Origin.size(file));
    }

    @Test
    void tellsTheClassBeforeAndAfter() throws Exception {
        GridSize size = new GridSize(4, 4);
        NetworkInput input = NetworkInput.of(plain(3));
        FloatTensor red = colour(size, 1, 0.2f, 0.2f);
        EightBitImage blue = EightBitImage.of(colour(new GridSize(2, 2), 0.2f, 0.2f, 1), 0);
        try (LoadedNetwork loaded = LayerNetworks.load(model(), TorchScriptArchive.OUTPUT, folder)) {
            ClassChange change = new ClassChange(loaded, input, size, List.of("warm", "fresh", "cold"), red);
            // e / (e + 2 e^.2)
            String note = "class before: 0 warm (0.53), after: 2 cold (0.53)";
            assertEquals(note, change.note(blue));
            assertEquals(note, ClassChange.partOf("flat in 3 of 8 steps; " + note));
            assertEquals("", ClassChange.partOf("flat in 3 of 8 steps"));
            ClassChange others = new ClassChange(loaded, input, size, List.of("warm", "fresh"), red);
            assertEquals(
                    "class before: 0 (0.53), after: 2 (0.53)",
                    others.note(blue),
                    "names of another number are of other classes");
        }
    }

    @Test
    void tellsNothingOfNetworksWithoutClasses() throws Exception {
        GridSize size = new GridSize(4, 4);
        Path maps = new TinyArchive()
                .code(CODE.replace(
                        "torch.slice(torch.mean((self.units).forward(x, ), [2, 3]), 1, 0, 3)",
                        "(self.units).forward(x, )"))
                .runnable("units", "Units")
                .writeTo(folder);
        try (LoadedNetwork loaded = LayerNetworks.load(maps, "units", folder)) {
            FloatTensor red = colour(size, 1, 0, 0);
            ClassChange change = new ClassChange(loaded, NetworkInput.of(plain(3)), size, List.of(), red);
            assertEquals("", change.note(EightBitImage.of(red, 0)));
        }
    }

    private static FloatTensor colour(GridSize size, float... rgb) {
        float[] values = new float[3 * size.cells()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rgb[i / size.cells()];
        }
        return new FloatTensor(values, 1, 3, size.height(), size.width());
    }
}
