package org.netdissect.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.Preprocessing;
import org.netdissect.run.InputSettings;
import picocli.CommandLine.Option;

/** Options for the network's input. */
final class InputOptions {
    @Option(
            names = "--preprocess",
            paramLabel = "NAME",
            description = "Preprocessing by name: imagenet (torchvision's networks).")
    private @Nullable String preset;

    @Option(
            names = "--channels",
            paramLabel = "RGB|BGR|grey",
            description = "Channels of the input; grey is one channel, as by Pillow's convert('L').")
    private @Nullable ChannelOrder channels;

    @Option(
            names = "--pixel-scale",
            paramLabel = "S",
            description = "Divisor of pixels 0..255 (255 or 1): x = (pixel / scale - mean) / std.")
    private @Nullable Float pixelScale;

    @Option(
            names = "--mean",
            paramLabel = "A,B,C",
            description = "Means in channel order, after scaling; one value for grey.")
    private Converters.@Nullable ChannelValues mean;

    @Option(
            names = "--std",
            paramLabel = "A,B,C",
            description = "Standard deviations in channel order, after scaling; one value for grey.")
    private Converters.@Nullable ChannelValues std;

    @Option(
            names = "--input-size",
            paramLabel = "H,W",
            description = "Resize all images to this size (default: as the images are).")
    private @Nullable GridSize inputSize;

    @Option(
            names = "--axes",
            paramLabel = "LAYER=AXES",
            description = {
                "Dimensions of a layer's output, if the network's code does not show them, or to override them: "
                        + "a letter for each (n images, u units, y rows, x columns, t tokens), then the tokens without "
                        + "a position and the grid of the others. Examples: nyxu, or ntu,drop=0,grid=14x14 (also "
                        + "drop=0..4, drop=-1, drop=0+98). LAYER may be a pattern; may be given several times."
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
