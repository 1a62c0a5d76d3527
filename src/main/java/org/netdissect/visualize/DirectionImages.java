package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.RunException;
import org.netdissect.base.Workers;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.Engines;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.MapArrangement;
import org.netdissect.network.Preprocessing;
import org.netdissect.network.TappedForward;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.EightBitImage;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

/** Makes images of directions of one layer, in memory, as {@code visualize --direction} makes them. */
public final class DirectionImages {
    private static final double RATE = 0.05;
    private static final int STEPS_PER_CALL = 16;
    private static final int PAIR = 2;

    private final TorchScriptArchive archive;
    private final Preprocessing preprocessing;
    private final Map<String, AxesSpec> axes;
    private final GridSize inputSize;
    private final Settings settings;

    /**
     * Settings of the images.
     *
     * @param size of one image in pixels
     * @param steps of Adam
     * @param threads calls of the engine side by side; images do not depend on it
     * @param seed of all random numbers
     */
    public record Settings(GridSize size, int steps, ComputeDevice device, int threads, long seed) {}

    /**
     * Images of a network.
     *
     * @param axes of layers, as the user gave them
     * @param inputSize of the network's input where it does not take the images' size
     */
    public DirectionImages(
            TorchScriptArchive archive,
            Preprocessing preprocessing,
            Map<String, AxesSpec> axes,
            GridSize inputSize,
            Settings settings) {
        this.archive = archive;
        this.preprocessing = preprocessing;
        this.axes = axes;
        this.inputSize = inputSize;
        this.settings = settings;
    }

    /**
     * Makes one image for each vector. One that no gradient reaches, or whose numbers overflow, stays grey.
     *
     * @param vectors {@code [vectors][units]}
     * @param scratch folder for the rewritten archive
     * @param notes takes remarks for the user
     * @return for each vector the image, interleaved {@code [height][width][3]}
     * @throws InputException where the layer has no maps, or other units than the vectors
     * @throws RunException where the network fails
     */
    public List<byte[]> of(
            String layer, FloatTensor vectors, Path scratch, Consumer<String> notes, ProgressListener progress)
            throws IOException {
        Rewrite rewrite = new Rewrite(List.of(new Edit.Tap(layer)), true, Subject.METHODS);
        try (LoadedNetwork loaded = LoadedNetwork.loadForGradients(archive, rewrite, settings.device(), scratch)) {
            NetworkInput input = NetworkInput.of(preprocessing);
            int channels = input.order().length;
            GridSize seen = seen(loaded, channels);
            LayerMaps maps = LayerMaps.of(archive, axes, seen);
            boolean oneByOne =
                    new TappedForward(loaded, maps).runsOneByOne(InputFinder.grey(PAIR, channels, seen), notes);
            MapArrangement arrangement = MapArrangement.of(loaded, maps, layer, InputFinder.grey(1, channels, seen));
            if (vectors.shape().length != 2 || vectors.shape()[1] != arrangement.units()) {
                throw new InputException("layer " + layer + ": has " + arrangement.units() + " units for an input of "
                        + seen + ", expected those of the vectors " + Arrays.toString(vectors.shape()));
            }
            LayerNetwork network = new LayerNetwork(
                    loaded, arrangement, input.constants(seen), Visualized.Objective.DIRECTION, vectors, new int[] {
                        -1, -1
                    });
            ImageSpace space = new ImageSpace(ImageBasis.FOURIER, input.channels(), settings.size(), 1, null, null);
            return made(network, space, oneByOne ? 1 : Engines.usualBatch(settings.device()), progress);
        }
    }

    /** The images' size where the network takes it, else that of its usual input. */
    private GridSize seen(LoadedNetwork network, int channels) {
        try {
            network.tryPass(InputFinder.grey(1, channels, settings.size()));
            return settings.size();
        } catch (RunException e) {
            return inputSize;
        }
    }

    private List<byte[]> made(LayerNetwork network, ImageSpace space, int batch, ProgressListener progress)
            throws IOException {
        int count = network.scores();
        AscentSettings steps = new AscentSettings(
                settings.steps(),
                RATE,
                Transforms.parse("standard", settings.size()),
                0,
                0,
                archive.rectifiers().leaky() > 0,
                settings.seed());
        List<byte[]> made = new ArrayList<>(Collections.nCopies(count, new byte[0]));
        int[] done = {0};
        Workers.run(settings.threads(), (count + batch - 1) / batch, call -> {
            List<Target> group = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                // a full batch gives the same digits wherever the vectors end
                int index = Math.min(call * batch + i, count - 1);
                group.add(new Target(Visualized.Objective.DIRECTION, index, false, 1, ""));
            }
            Ascent ascent = new Ascent(network, space, steps, group);
            AscentState state = ascent.start();
            while (state.steps() < settings.steps()) {
                state = ascent.advance(state, STEPS_PER_CALL);
            }
            FloatTensor images = ascent.images(state);
            synchronized (made) {
                for (int i = 0; i < batch && call * batch + i < count; i++) {
                    made.set(call * batch + i, rgb(images, i));
                    done[0]++;
                }
                progress.progress(done[0], count);
            }
        });
        return made;
    }

    private byte[] rgb(FloatTensor images, int image) {
        if (EightBitImage.isNumber(images, image)) {
            return EightBitImage.of(images, image).rgb();
        }
        byte[] grey = new byte[settings.size().cells() * 3];
        Arrays.fill(grey, (byte) 127);
        return grey;
    }
}
