package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.SharedData;
import org.netdissect.base.Workers;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.EightBitImage;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

/**
 * A real network takes the images of six classes for those classes, under moves that the ascent has not seen too: the
 * check of design/visualize.md 5 by the network's own answer, after 48 steps.
 */
class ClassQualityTest {
    private static final Preprocessing BGR =
            new Preprocessing(ChannelOrder.BGR, 1, List.of(105.5f, 113f, 116.3f), List.of(255f, 255f, 255f));
    private static final GridSize SIZE = new GridSize(128, 128);
    private static final int STEPS = 48;
    private static final List<Integer> CLASSES = List.of(5, 50, 100, 200, 300, 350);
    private static final FloatTensor STILL = new FloatTensor(new float[1], 1);
    private static final List<Target> GROUP = CLASSES.stream()
            .map(index -> new Target(Visualized.Objective.LOGIT, index, false, 1, ""))
            .toList();

    @TempDir
    Path scratch;

    /**
     * Images of one seed.
     *
     * @param logits each class's own, without moves
     * @param top share of the images that the network takes for their class
     * @param topUnderMoves the same over all images and moves
     */
    private record Outcome(List<Double> logits, double top, double topUnderMoves, List<Quality> qualities) {}

    private static Outcome outcome(LayerNetwork network, ProbeStatistics probe, Transforms transforms, long seed) {
        AscentSettings settings = new AscentSettings(STEPS, 0.05, transforms, 0, 0, true, seed);
        Ascent ascent =
                new Ascent(network, new ImageSpace(ImageBasis.FOURIER, 3, SIZE, 1, null, null), settings, GROUP);
        FloatTensor images = ascent.images(ascent.advance(ascent.start(), STEPS));
        int numbers = images.values().length / GROUP.size();
        for (int i = 0; i < GROUP.size(); i++) {
            EightBitImage.of(images, i).writeTo(images.values(), i * numbers);
        }
        FloatTensor still = network.scores(images, STILL);
        List<Double> logits = new ArrayList<>();
        for (int i = 0; i < GROUP.size(); i++) {
            logits.add((double) still.values()[i * network.scores() + CLASSES.get(i)]);
        }
        return new Outcome(
                logits,
                top(still),
                top(network.scores(images, Quality.moves(images, GROUP, seed))),
                Quality.of(network, probe, images, GROUP, seed));
    }

    /** Share of images and moves whose greatest score is that of the image's class. */
    private static double top(FloatTensor scores) {
        int classes = (int) scores.shape()[2];
        int rows = scores.values().length / classes;
        int own = 0;
        for (int row = 0; row < rows; row++) {
            int greatest = 0;
            for (int index = 1; index < classes; index++) {
                boolean greater = scores.values()[row * classes + index] > scores.values()[row * classes + greatest];
                greatest = greater ? index : greatest;
            }
            own += greatest == CLASSES.get(row % CLASSES.size()) ? 1 : 0;
        }
        return (double) own / rows;
    }

    /** Median over the classes of the share of moves under which no class stands out more from the probe images. */
    private static double first(Outcome outcome) {
        return Quality.median(outcome.qualities.stream()
                .mapToDouble(quality -> value(quality.firstUnderMoves()))
                .toArray());
    }

    private static double value(@Nullable Double number) {
        return Objects.requireNonNull(number);
    }

    @Test
    void aNetworkKnowsTheClassesOfTheirImages() throws Exception {
        Path model = SharedData.require("models/squeezenet1_1bn-places365.traced.pt");
        ProbeSet images = ProbeSet.open(SharedData.require("probe"));
        Outcome[] outcomes = new Outcome[3];
        try (LoadedNetwork loaded = LayerNetworks.load(model, TorchScriptArchive.OUTPUT, scratch)) {
            LayerNetwork network = LayerNetworks.of(
                    loaded, model, TorchScriptArchive.OUTPUT, BGR, SIZE, Visualized.Objective.LOGIT, null);
            assertEquals(365, network.scores());
            ProbeStatistics probe =
                    ProbeStatistics.measure(new ProbeImages(images, 150, SIZE, 3), network, 2, ProgressListener.NONE);
            Workers.run(
                    2,
                    outcomes.length,
                    run -> outcomes[run] = outcome(
                            network,
                            probe,
                            run == 2 ? Transforms.NONE : Transforms.parse("standard", SIZE),
                            run == 2 ? 0 : run));
        }
        for (Outcome outcome : List.of(outcomes[0], outcomes[1])) {
            String found = outcome.toString();
            assertEquals(1, outcome.top, found);
            assertTrue(outcome.topUnderMoves >= .95, found);
            assertTrue(first(outcome) >= .7, found);
            for (Quality quality : outcome.qualities) {
                assertTrue(value(quality.end()) > value(quality.probeBest()), found);
            }
        }
        for (int i = 0; i < CLASSES.size(); i++) {
            double one = outcomes[0].logits.get(i);
            assertEquals(1, outcomes[1].logits.get(i) / one, .2, "seeds of class " + CLASSES.get(i));
        }
        assertTrue(outcomes[2].topUnderMoves < outcomes[0].topUnderMoves - .2, outcomes[2].toString());
    }
}
