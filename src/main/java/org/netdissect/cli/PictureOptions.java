package org.netdissect.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.visualize.LatentDistribution;
import org.netdissect.visualize.VisualizationSettings;
import org.netdissect.visualize.space.ImageBasis;
import picocli.CommandLine.Option;

/** Options for the ascent of visualisations: images, steps and moves. */
final class PictureOptions {
    private static final String STANDARD = "standard";
    private static final String LUCID = "lucid";

    @Option(
            names = "--basis",
            paramLabel = "NAME",
            defaultValue = "fourier",
            description =
                    "What is optimised: fourier (spectrum in decorrelated colours), pixels, or maco (phases only; "
                            + "the amplitudes are the probe set's) (default: ${DEFAULT-VALUE}).")
    private ImageBasis basis = ImageBasis.FOURIER;

    @Option(
            names = "--generator",
            paramLabel = "G.pt",
            description =
                    "Network whose output is the image, in -1..1 or 0..1; its input (latent) is optimised, so that "
                            + "images stay like those that it was trained with. The images have its size.")
    private @Nullable Path generator;

    @Option(
            names = "--latent",
            paramLabel = "NAME",
            description =
                    "Numbers that the generator was trained with: uniform (in -1..1) or normal (default: uniform, "
                            + "which lies in the middle of normal ones too).")
    private @Nullable LatentDistribution latent;

    @Option(
            names = "--latent-size",
            paramLabel = "N",
            description = "Numbers of the generator's input (default: found from its code or by trial).")
    private @Nullable Integer latentSize;

    @Option(
            names = "--from",
            paramLabel = "IMAGE",
            description = "Start at this image (with --objective layer: DeepDream).")
    private @Nullable Path from;

    @Option(
            names = "--within",
            paramLabel = "D",
            description =
                    "Stay within this difference of the image of --from in each pixel, such as 8/255 or 0.03. For an image "
                            + "of another class use --objective probability: other classes' logits rise with a logit.")
    private Converters.@Nullable Distance within;

    @Option(
            names = "--size",
            paramLabel = "H,W",
            description = "Size of the images (default: 128,128, or the size of --from up to 512).")
    private @Nullable GridSize size;

    @Option(names = "--steps", paramLabel = "N", description = "Steps (default: 128).")
    private @Nullable Integer steps;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "Adam's learning rate (default: 0.05). Steps times rate is what makes images less natural.")
    private @Nullable Double rate;

    @Option(
            names = "--decay",
            paramLabel = "E",
            description =
                    "Exponent by which amplitudes of the Fourier basis fall with frequency; greater ones penalise high "
                            + "frequencies more (default: 1).")
    private @Nullable Double decay;

    @Option(
            names = "--transforms",
            paramLabel = "T",
            description =
                    "Random moves before each step: standard (jitter of 1/16 of the side, scale 0.9:1.1, rotate 10), "
                            + "none, or such as jitter=8,scale=0.9:1.1,rotate=10,pad=12.")
    private @Nullable String transforms;

    @Option(
            names = "--total-variation",
            paramLabel = "W",
            description = "Weight of the mean difference of neighbouring pixels, which is taken off (default: 0).")
    private @Nullable Double variation;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "lucid: 512 steps, batch 1 and lucid's ranges of moves, composed to one sampling.")
    private @Nullable String profile;

    VisualizationSettings.Picture settings() {
        requireUse();
        double learningRate = Converters.notNegative("--learning-rate", rate, 0.05);
        if (learningRate == 0) {
            throw new InputException("--learning-rate 0: no image would change; expected more");
        }
        return new VisualizationSettings.Picture(
                basis,
                size,
                Converters.atLeastOne("--steps", steps, isLucid() ? 512 : 128),
                learningRate,
                Converters.notNegative("--decay", decay, 1),
                transforms != null ? transforms : isLucid() ? "jitter=6,scale=0.9:1.1,rotate=10,pad=12" : STANDARD,
                Converters.notNegative("--total-variation", variation, 0),
                from,
                within == null ? null : within.value(),
                generator == null
                        ? null
                        : new VisualizationSettings.Prior(
                                generator,
                                Converters.atLeastOne("--latent-size", latentSize, 0),
                                latent == null ? LatentDistribution.UNIFORM : latent));
    }

    /** Throws {@link InputException} for options that exclude one another. */
    private void requireUse() {
        if (within != null && from == null) {
            throw new InputException("--within without --from IMAGE: say which image to stay near");
        }
        if (within != null && basis == ImageBasis.MACO) {
            throw new InputException(
                    "--basis maco gives the amplitudes of all images, so that none stays near one; leave "
                            + "--within out, or choose another --basis");
        }
        if (generator != null && (from != null || basis != ImageBasis.FOURIER)) {
            throw new InputException("--generator makes the image; leave --from and --basis out");
        }
        if (generator != null && (size != null || decay != null)) {
            throw new InputException("--generator gives the images' size and spectrum; leave --size and --decay out "
                    + "(--input-size says at which size the network sees them)");
        }
        if (generator == null && (latent != null || latentSize != null)) {
            throw new InputException("--latent and --latent-size without --generator G.pt have no use");
        }
        if (decay != null && basis != ImageBasis.FOURIER) {
            throw new InputException("--decay " + decay + " with --basis " + basis + ": only the amplitudes of the "
                    + "Fourier basis fall with frequency; leave one of the two out");
        }
    }

    boolean isLucid() {
        if (profile != null && !profile.equals(LUCID)) {
            throw new InputException("--profile " + profile + ": expected lucid");
        }
        return profile != null;
    }
}
