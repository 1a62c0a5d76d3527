package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.GradientMethod;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.RandomSource;

/**
 * A generator as a prior of images ("Synthesizing the preferred inputs for neurons in neural networks via deep generator
 * networks", Nguyen and others 2016), found by trial: its input has {@code [images, latents]} numbers, with or without
 * two sides of 1, and its output is an image in -1..1 or 0..1.
 *
 * @param digest of the archive
 * @param latents numbers of its input
 * @param sides number of sides of 1 behind these: 0 or 2
 * @param uniform whether they are uniform in -1..1; else they are normal
 * @param channels colours of its images
 * @param size of its images
 * @param factor image = output * factor + offset
 * @param offset see factor
 */
record LearnedPrior(
        TorchScriptArchive archive,
        String digest,
        int latents,
        int sides,
        boolean uniform,
        int channels,
        GridSize size,
        float factor,
        float offset) {
    private static final int LEAST_SEEN = 128;

    /** Numbers of usual generators, tried if the code does not show them. */
    private static final List<Integer> USUAL = List.of(100, 128, 64, 512, 256, 32, 120, 140, 62, 50, 20, 16, 10, 1024);
    /** Tried with several images, since a view of the input can hide a wrong number. */
    private static final int TRIALS = 4;

    /** A tolerance for generators that end without tanh or sigmoid. */
    private static final float ROUNDING = 1e-3f;

    private static final String METHODS = Subject.resource("adam.py") + Subject.resource("generator.py");

    /**
     * Opens a generator and finds what it takes and makes.
     *
     * @throws InputException where it is no archive, takes no latent of a known size, or its output is no image that
     *     depends on its input alone
     */
    static LearnedPrior find(
            VisualizationSettings.Prior settings, ComputeDevice device, Path scratch, Consumer<String> notes)
            throws IOException {
        Path file = settings.generator();
        TorchScriptArchive archive;
        String digest;
        try {
            archive = NetworkFile.open(NetworkChoice.of(file)).archive();
            digest = NetworkFile.digest(file);
        } catch (InputException e) {
            throw new InputException("--generator " + e.getMessage(), e);
        }
        if (archive.inputTypes().size() != 1) {
            throw new InputException("--generator " + file + ": takes "
                    + archive.inputTypes().size() + " arguments; expected one, the latent");
        }
        Set<Integer> sizes = new LinkedHashSet<>();
        if (settings.latents() > 0) {
            sizes.add(settings.latents());
        } else {
            archive.input().channels().ifPresent(sizes::add);
            sizes.addAll(USUAL);
        }
        boolean uniform = settings.distribution() == LatentDistribution.UNIFORM;
        GridSize none = new GridSize(1, 1);
        try (LoadedNetwork network = load(archive, device, scratch)) {
            GradientMethod attempt = new GradientMethod(network, "prior_try");
            RunException failure = null;
            FloatTensor other = null;
            for (int latents : sizes) {
                for (int sides : new int[] {0, 2}) {
                    LearnedPrior prior = new LearnedPrior(archive, digest, latents, sides, uniform, 0, none, 1, 0);
                    Map<String, FloatTensor> arguments = prior.arguments();
                    arguments.put("parameter", prior.trial());
                    FloatTensor output;
                    try {
                        output = output(attempt, arguments);
                    } catch (RunException e) {
                        failure = failure == null ? e : failure;
                        continue;
                    }
                    if (output.shape().length == 4 && output.shape()[0] == TRIALS) {
                        LearnedPrior found = prior.making(output, notes);
                        found.requireRepeatable(output, output(attempt, arguments));
                        found.requireGradient(network, arguments);
                        return found;
                    }
                    other = output;
                }
            }
            throw failed(file, settings, other, failure);
        }
    }

    private static FloatTensor output(GradientMethod method, Map<String, FloatTensor> arguments) {
        return Objects.requireNonNull(method.call(arguments).get("output"), "output");
    }

    private static InputException failed(
            Path file,
            VisualizationSettings.Prior settings,
            @Nullable FloatTensor other,
            @Nullable RunException failure) {
        if (other != null) {
            return new InputException("--generator " + file + ": its output has shape " + Arrays.toString(other.shape())
                    + " for " + TRIALS + " latents; expected images [" + TRIALS + ", channels, height, width]"
                    + (settings.latents() > 0 ? "" : "; if its latent has another number, give --latent-size N"));
        }
        String what = settings.latents() > 0
                ? "it takes no latent of " + settings.latents() + " numbers"
                : "the size of its latent cannot be found; give --latent-size N";
        return failure == null
                ? new InputException("--generator " + file + ": " + what)
                : new InputException("--generator " + file + ": " + what + " (" + failure.getMessage() + ")", failure);
    }

    private FloatTensor trial() {
        float[] values = new float[TRIALS * latents];
        draw(RandomSource.of(0, 0), values, 0, values.length);
        return new FloatTensor(values, TRIALS, latents);
    }

    /** Writes parameters as they are at the start: normal numbers. */
    static void draw(Random random, float[] parameter, int at, int count) {
        for (int i = 0; i < count; i++) {
            parameter[at + i] = (float) random.nextGaussian();
        }
    }

    private LearnedPrior making(FloatTensor output, Consumer<String> notes) {
        int channels = Math.toIntExact(output.shape()[1]);
        GridSize size = new GridSize(Math.toIntExact(output.shape()[2]), Math.toIntExact(output.shape()[3]));
        if (!ProbeImages.have(channels)) {
            throw new InputException("--generator " + archive.file() + ": its output " + Arrays.toString(output.shape())
                    + " has " + channels + " channels; expected images of 3 or 1");
        }
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : output.values()) {
            if (!Float.isFinite(value)) {
                throw new InputException("--generator " + archive.file() + ": its image has a pixel that is " + value);
            }
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        boolean fromZero = least >= 0 && greatest <= 1;
        if (!fromZero && (least < -1 - ROUNDING || greatest > 1 + ROUNDING)) {
            notes.accept("the generator's output, from " + least + " to " + greatest
                    + " in a trial, leaves -1..1: what is beyond is cut off");
        }
        return new LearnedPrior(
                archive, digest, latents, sides, uniform, channels, size, fromZero ? 1 : 0.5f, fromZero ? 0 : 0.5f);
    }

    private void requireRepeatable(FloatTensor once, FloatTensor again) {
        if (!Arrays.equals(once.values(), again.values())) {
            throw new InputException(
                    "--generator " + archive.file() + ": makes another image of the same input at each "
                            + "call, since it draws random numbers itself; export it with fixed noise");
        }
    }

    private void requireGradient(LoadedNetwork network, Map<String, FloatTensor> trial) {
        FloatTensor parameter = Objects.requireNonNull(trial.get("parameter"));
        FloatTensor zeros = new FloatTensor(new float[parameter.values().length], parameter.shape());
        float[] ones = new float[TRIALS * channels * size.cells()];
        Arrays.fill(ones, 1);
        Generator generator = new Generator(network, this);
        AscentState state = new AscentState(0, parameter, zeros, zeros, new float[0][], new int[TRIALS]);
        LayerNetwork.Pull pull = new LayerNetwork.Pull(
                new float[TRIALS],
                new FloatTensor(ones, TRIALS, channels, size.height(), size.width()),
                new float[TRIALS]);
        AscentState stepped = generator.step(state, pull, Map.of("rate", FloatTensor.of(1f)));
        if (Float.isNaN(stepped.parameter().values()[0])) {
            throw new InputException("--generator " + archive.file() + ": its image does not depend on its input by "
                    + "differentiable operators, so that no gradient reaches the latent");
        }
    }

    /** The least size at which a network sees the images, which are resampled to it: small ones show it little. */
    GridSize seenSize() {
        return new GridSize(Math.max(size.height(), LEAST_SEEN), Math.max(size.width(), LEAST_SEEN));
    }

    /** Loads the generator again. */
    Generator load(ComputeDevice device, Path scratch) throws IOException {
        return new Generator(load(archive, device, scratch), this);
    }

    private static LoadedNetwork load(TorchScriptArchive archive, ComputeDevice device, Path scratch)
            throws IOException {
        Rewrite rewrite = new Rewrite(List.of(new Edit.Tap(TorchScriptArchive.OUTPUT)), false, METHODS);
        return LoadedNetwork.loadForGradients(archive, rewrite, device, scratch);
    }

    /** Arguments of {@code generator.py}, in a new map. */
    Map<String, FloatTensor> arguments() {
        Map<String, FloatTensor> arguments = new LinkedHashMap<>();
        int[] lengths = new int[1 + sides];
        Arrays.fill(lengths, 1);
        lengths[0] = latents;
        arguments.put("latent", FloatTensor.of(lengths));
        if (uniform) {
            arguments.put("uniform", FloatTensor.of(1f));
        }
        arguments.put("factor", FloatTensor.of(factor));
        arguments.put("offset", FloatTensor.of(offset));
        return arguments;
    }

    /** All but the digest that the images depend on, for run.json. */
    String text() {
        return latents + (uniform ? " uniform" : " normal") + " numbers, factor " + factor + ", offset " + offset;
    }
}
