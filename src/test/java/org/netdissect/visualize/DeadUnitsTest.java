package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.SharedData;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

/**
 * No unit stays grey: half of these have no response at a start near grey, and so no gradient; with leaky rectifiers
 * all have one in 17 steps without moves. The remedy is lucid's redirected ReLU (design of the command, 3.5).
 */
class DeadUnitsTest {
    private static final GridSize SIZE = new GridSize(128, 128);
    private static final int STEPS = 17;
    private static final int UNITS = 12;

    @TempDir
    Path scratch;

    @Test
    void deadUnitsOfASqueezeNetAreWoken() throws Exception {
        Path model = SharedData.require("models/squeezenet1_0-imagenet.traced.pt");
        Preprocessing preprocessing =
                new Preprocessing(ChannelOrder.RGB, 1, List.of(123f, 117f, 104f), List.of(1f, 1f, 1f));
        List<Target> group = new ArrayList<>();
        for (int unit = 0; unit < UNITS; unit++) {
            group.add(new Target(Visualized.Objective.CHANNEL, unit, false, 1, ""));
        }
        try (LoadedNetwork loaded = LayerNetworks.load(model, "features.12", scratch)) {
            LayerNetwork network = LayerNetworks.of(
                    loaded, model, "features.12", preprocessing, SIZE, Visualized.Objective.CHANNEL, null);
            ImageSpace space = new ImageSpace(ImageBasis.FOURIER, 3, SIZE, 1, null, null);
            AscentSettings settings = new AscentSettings(STEPS, 0.05, Transforms.NONE, 0, 0, true, 0);
            Ascent ascent = new Ascent(network, space, settings, group);
            AscentState state = ascent.advance(ascent.start(), STEPS);
            FloatTensor scores = network.scores(ascent.images(state), new FloatTensor(new float[1], 1));
            int dead = 0;
            for (int unit = 0; unit < UNITS; unit++) {
                boolean still = state.objectives()[0][unit] == 0;
                dead += still ? 1 : 0;
                assertTrue(state.leaks()[unit] > 0 || !still, "unit " + unit);
                assertTrue(scores.values()[unit * network.scores() + unit] > 1, "unit " + unit + " stays dead");
            }
            assertEquals(8, dead, 3, "dead units at the start");
        }
    }
}
