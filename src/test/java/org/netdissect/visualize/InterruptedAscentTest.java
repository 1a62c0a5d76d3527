package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.RunException;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

/** Ascents that stop and go on, and steps in calls of different lengths: the same bytes. */
class InterruptedAscentTest {
    private static final Path MODEL = Path.of("broden-sample", "scenenet.pt");
    private static final GridSize SIZE = new GridSize(16, 20);
    private static final int STEPS = 150;

    @TempDir
    Path folder;

    private LoadedNetwork loaded;
    private LayerNetwork network;
    private ImageSpace space;
    private final AscentSettings settings =
            new AscentSettings(STEPS, 0.05, Transforms.parse("standard", SIZE), 0, 0, true, 3);

    @BeforeEach
    void load() throws Exception {
        loaded = LayerNetworks.load(MODEL, "layer3", folder);
        network = LayerNetworks.of(
                loaded, MODEL, "layer3", Preprocessing.IMAGENET, SIZE, Visualized.Objective.CHANNEL, null);
        space = new ImageSpace(ImageBasis.FOURIER, 3, SIZE, 1, null, null);
    }

    @AfterEach
    void close() {
        loaded.close();
    }

    private static List<Target> units(int... channels) {
        List<Target> targets = new ArrayList<>();
        for (int channel : channels) {
            targets.add(new Target(Visualized.Objective.CHANNEL, channel, false, 1, ""));
        }
        return targets;
    }

    @Test
    void stepsPerCallChangeNothing() {
        AscentSettings few = new AscentSettings(32, 0.05, settings.transforms(), 0.1, 0, true, 3);
        AscentState expected = null;
        for (int most : new int[] {16, 1, 5, 32}) {
            Ascent ascent = new Ascent(network, space, few, units(4, 5));
            AscentState state = ascent.start();
            while (state.steps() < few.steps()) {
                state = ascent.advance(state, most);
            }
            expected = expected == null ? state : expected;
            assertArrayEquals(expected.parameter().values(), state.parameter().values(), most + " steps a call");
            assertArrayEquals(expected.second().values(), state.second().values());
            assertArrayEquals(expected.objectives(), state.objectives());
            assertArrayEquals(expected.leaks(), state.leaks());
        }
    }

    /** Fails in one of its calls of the engine. */
    private final class Failing implements Parameterization {
        private final Parameterization images = new BasisParameterization(network, space);
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger steps = new AtomicInteger();
        private final int failing;

        Failing(int failing) {
            this.failing = failing;
        }

        @Override
        public GridSize size() {
            return images.size();
        }

        @Override
        public long[] shape(int count) {
            return images.shape(count);
        }

        @Override
        public void start(Random random, float[] parameter, int at) {
            images.start(random, parameter, at);
        }

        @Override
        public AscentState ascend(
                AscentState state, List<Target> group, FloatTensor moves, Map<String, FloatTensor> options) {
            if (calls.getAndIncrement() == failing) {
                throw new RunException("stopped by the test");
            }
            steps.addAndGet((int) moves.shape()[0]);
            return images.ascend(state, group, moves, options);
        }

        @Override
        public FloatTensor images(FloatTensor parameters) {
            return images.images(parameters);
        }
    }

    /** Makes what is left in the folder; returns the number of steps. */
    private int run(Path out, List<Target> targets, int failing) throws Exception {
        LayerFolder layer = LayerFolder.open(out, STEPS);
        Failing images = new Failing(failing);
        LayerVisualizer visualizer = new LayerVisualizer(network, images, settings, null, null, layer, rows -> {});
        List<Target> left = layer.left(targets);
        if (failing >= 0) {
            RunException stopped =
                    assertThrows(RunException.class, () -> visualizer.run(left, 2, 1, ProgressListener.NONE));
            assertEquals("stopped by the test", stopped.getMessage());
        } else {
            visualizer.run(left, 2, 1, ProgressListener.NONE);
            layer.order(targets);
        }
        return images.steps.get();
    }

    private static SortedMap<String, String> files(Path folder) throws Exception {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static Path state(Path out) throws Exception {
        try (Stream<Path> states = Files.list(out.resolve(".ascent"))) {
            return states.findFirst().orElseThrow();
        }
    }

    @Test
    void aStoppedAscentGoesOnFromItsState() throws Exception {
        List<Target> targets = units(4, 9, 2);
        Path whole = folder.resolve("whole");
        assertEquals(2 * STEPS, run(whole, targets, -1));
        Path out = folder.resolve("out");
        // a batch has 10 calls; states are stored after calls 4 and 8
        assertEquals(80, run(out, targets, 5));
        assertEquals(STEPS - 64 + 16, run(out, targets, 6 + 1));
        assertEquals(STEPS, run(out, targets, -1), "all of the second batch, whose state was not stored");
        assertEquals(files(whole), files(out));
        assertEquals(0, run(out, targets, -1));
        assertEquals(files(whole), files(out));
    }

    @Test
    void damagedStatesAreNotTaken() throws Exception {
        List<Target> targets = units(4, 9);
        Path whole = folder.resolve("whole");
        run(whole, targets, -1);
        Path out = folder.resolve("out");
        for (int damage = 0; damage < 4; damage++) {
            run(out, targets, 5);
            Path state = state(out);
            byte[] bytes = Files.readAllBytes(state);
            switch (damage) {
                case 0 -> bytes[bytes.length / 2] ^= 4;
                case 1 -> bytes = java.util.Arrays.copyOf(bytes, bytes.length - 1);
                case 2 -> bytes = new byte[0];
                default -> bytes[0] = (byte) 0xff;
            }
            Files.write(state, bytes);
        }
        assertEquals(STEPS, run(out, targets, -1));
        assertEquals(files(whole), files(out));
    }

    @Test
    void aStateOfOtherTargetsIsNotTaken() throws Exception {
        Path out = folder.resolve("out");
        run(out, units(4, 9), 5);
        assertTrue(Files.exists(state(out)));
        assertEquals(STEPS, run(out, units(4, 5), -1));
        Path expected = folder.resolve("expected");
        run(expected, units(4, 5), -1);
        assertEquals(files(expected), files(out));
        assertFalse(Files.exists(out.resolve(".ascent")));
    }
}
