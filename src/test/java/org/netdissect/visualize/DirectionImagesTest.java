package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.EightBitImage;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

class DirectionImagesTest {
    private static final Path SAMPLE = Path.of("broden-sample", "scenenet.pt");
    private static final String LAYER = "layer4";
    private static final int UNITS = 128;
    private static final GridSize SIZE = new GridSize(32, 48);
    private static final int STEPS = 20;

    @TempDir
    Path scratch;

    private List<byte[]> images(float[] vectors, int threads, long seed, List<Integer> progress) throws Exception {
        DirectionImages images = new DirectionImages(
                TorchScriptArchive.open(SAMPLE),
                Preprocessing.IMAGENET,
                Map.of(),
                new GridSize(224, 224),
                new DirectionImages.Settings(SIZE, STEPS, ComputeDevice.CPU, threads, seed));
        FloatTensor directions = new FloatTensor(vectors, vectors.length / UNITS, UNITS);
        return images.of(LAYER, directions, scratch, note -> {}, (done, of) -> progress.add((int) done));
    }

    /** Vectors of the units' activations: unit 1 alone, nothing, unit 3 less unit 5, unit 1 alone, unit 1 alone. */
    private static float[] vectors() {
        float[] vectors = new float[5 * UNITS];
        vectors[1] = 1;
        vectors[2 * UNITS + 3] = 0.8f;
        vectors[2 * UNITS + 5] = -0.6f;
        vectors[3 * UNITS + 1] = 1;
        vectors[4 * UNITS + 1] = 1;
        return vectors;
    }

    @Test
    void sameBytesOverThreadsAndOthersBySeed() throws Exception {
        List<Integer> progress = new ArrayList<>();
        List<byte[]> one = images(vectors(), 1, 7, progress);
        assertEquals(List.of(4, 5), progress);
        List<byte[]> two = images(vectors(), 2, 7, new ArrayList<>());
        List<byte[]> other = images(vectors(), 2, 8, new ArrayList<>());
        assertEquals(5, one.size());
        for (int i = 0; i < one.size(); i++) {
            assertEquals(SIZE.cells() * 3, one.get(i).length);
            assertArrayEquals(one.get(i), two.get(i));
            assertFalse(Arrays.equals(one.get(i), other.get(i)));
        }
        // each image has a start of its own
        assertFalse(Arrays.equals(one.get(0), one.get(3)));
    }

    /** The vector of one unit gives what the unit's channel gives; without a gradient an image stays near grey. */
    @Test
    void directionOfOneUnitIsThatUnit() throws Exception {
        List<byte[]> made = images(vectors(), 2, 7, new ArrayList<>());
        for (byte sample : made.get(1)) {
            assertEquals(127.5, sample & 0xff, 12);
        }
        try (LoadedNetwork loaded = LayerNetworks.load(SAMPLE, LAYER, scratch)) {
            LayerNetwork network = LayerNetworks.of(
                    loaded, SAMPLE, LAYER, Preprocessing.IMAGENET, SIZE, Visualized.Objective.CHANNEL, null);
            ImageSpace space = new ImageSpace(ImageBasis.FOURIER, 3, SIZE, 1, null, null);
            AscentSettings settings =
                    new AscentSettings(STEPS, 0.05, Transforms.parse("standard", SIZE), 0, 0, true, 7);
            // number 1 among the vectors, so that the start is that of channel 1
            float[] vectors = new float[2 * UNITS];
            vectors[UNITS + 1] = 1;
            byte[] direction = images(vectors, 1, 7, new ArrayList<>()).get(1);
            List<Target> group = Collections.nCopies(4, new Target(Visualized.Objective.CHANNEL, 1, false, 1, ""));
            Ascent ascent = new Ascent(network, space, settings, group);
            AscentState state = ascent.advance(ascent.start(), STEPS);
            byte[] channel = EightBitImage.of(ascent.images(state), 0).rgb();
            double difference = 0;
            double contrast = 0;
            for (int i = 0; i < channel.length; i++) {
                difference += Math.abs((channel[i] & 0xff) - (direction[i] & 0xff));
                contrast += Math.abs((channel[i] & 0xff) - 127.5);
            }
            assertTrue(difference < 0.05 * contrast, difference + " of " + contrast);
        }
    }

    @Test
    void vectorsOfOtherLengthAreRefused() {
        InputException e = assertThrows(
                InputException.class,
                () -> new DirectionImages(
                                TorchScriptArchive.open(SAMPLE),
                                Preprocessing.IMAGENET,
                                Map.of(),
                                SIZE,
                                new DirectionImages.Settings(SIZE, 1, ComputeDevice.CPU, 1, 0))
                        .of(LAYER, new FloatTensor(new float[3], 1, 3), scratch, note -> {}, (done, of) -> {}));
        assertTrue(String.valueOf(e.getMessage()).contains("layer4: has 128 units"), e.getMessage());
    }
}
