package org.netdissect.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.AxesSpec;
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

    @Option(
            names = "--axes",
            paramLabel = "LAYER=AXES",
            description = {
                "What runs along the dimensions of a layer's output, where its code does not tell or is to be overruled: "
                        + "a letter for each, n images, u units, y rows, x columns, t tokens; then tokens that are no "
                        + "places and the grid of the others. Such as nyxu, or ntu,drop=0,grid=14x14 (also drop=0..4, "
                        + "drop=-1, drop=0+98). LAYER may be a pattern; the option may be given several times."
            })
    private Map<String, AxesSpec> axes = new LinkedHashMap<>();

    InputSettings settings() {
        return new InputSettings(
                preset(),
                channels,
                pixelScale,
                mean == null ? null : mean.values(),
                std == null ? null : std.values(),
                inputSize,
                axes);
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
