package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.Preprocessing;
import org.netdissect.pipeline.InputSettings;
import picocli.CommandLine.Option;

/** What the network expects of its input. */
final class InputOptions {
    @Option(
            names = "--preprocess",
            paramLabel = "NAME",
            description = "Preprocessing by name: imagenet (torchvision's networks).")
    private @Nullable String preset;

    @Option(
            names = "--channels",
            paramLabel = "RGB|BGR|grey",
            description = "Channels of the input (grey: one, as Pillow's convert('L')).")
    private @Nullable ChannelOrder channels;

    @Option(
            names = "--pixel-scale",
            paramLabel = "S",
            description = "Pixels 0..255 are divided by this first (255 or 1): x = (pixel / scale - mean) / std.")
    private @Nullable Float pixelScale;

    @Option(
            names = "--mean",
            paramLabel = "A,B,C",
            description = "Means in channel order, after scaling; one for grey.")
    private Converters.@Nullable Triple mean;

    @Option(
            names = "--std",
            paramLabel = "A,B,C",
            description = "Deviations in channel order, after scaling; one for grey.")
    private Converters.@Nullable Triple std;

    @Option(
            names = "--input-size",
            paramLabel = "H,W",
            description = "Resize all images to this size (default: as the images are).")
    private @Nullable GridSize inputSize;

    InputSettings settings() {
        return new InputSettings(
                preset(),
                channels,
                pixelScale,
                mean == null ? null : mean.values(),
                std == null ? null : std.values(),
                inputSize);
    }

    private @Nullable Preprocessing preset() {
        if (preset == null) {
            return null;
        }
        if (!preset.equals("imagenet")) {
            throw new InputException("--preprocess " + preset
                    + ": expected imagenet; for others give --channels, --pixel-scale, --mean and --std");
        }
        return Preprocessing.IMAGENET;
    }
}
