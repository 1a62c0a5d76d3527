package org.netdissect.network;

import java.util.List;
import java.util.stream.Collectors;
import org.netdissect.base.InputException;

/**
 * Preprocessing of pixels to network input: x = (pixel / scale - mean) / std, per channel.
 *
 * @param channels order of the input's channels
 * @param pixelScale divisor of the pixel values 0 to 255
 * @param mean in channel order, one per channel, after scaling
 * @param std in channel order, one per channel, after scaling
 */
public record Preprocessing(ChannelOrder channels, float pixelScale, List<Float> mean, List<Float> std) {
    private static final int PIXEL_VALUES = 256;

    /** torchvision's networks (torchvision.transforms: ToTensor, then Normalize with ImageNet's statistics). */
    public static final Preprocessing IMAGENET =
            new Preprocessing(ChannelOrder.RGB, 255, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));

    /**
     * Throws {@link InputException} unless there is a mean and a deviation for each channel and nothing divides by
     * zero.
     */
    public Preprocessing {
        mean = perChannel("mean", mean, channels);
        std = perChannel("std", std, channels);
        if (!(pixelScale > 0) || Float.isInfinite(pixelScale)) {
            throw new InputException("--pixel-scale " + pixelScale + ": expected a positive number, such as 255 or 1");
        }
        if (std.contains(0f) || std.contains(-0f)) {
            throw new InputException("--std " + std + ": no value may be 0");
        }
    }

    /** As options: {@code --channels RGB --pixel-scale 255 --mean ... --std ...}. */
    @Override
    public String toString() {
        return "--channels " + channels + " --pixel-scale " + pixelScale + " --mean " + joined(mean) + " --std "
                + joined(std);
    }

    private static String joined(List<Float> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Float> perChannel(String name, List<Float> values, ChannelOrder channels) {
        if (values.size() != channels.count() || !values.stream().allMatch(Float::isFinite)) {
            throw new InputException("--" + name + " " + values + ": expected "
                    + (channels == ChannelOrder.GREY
                            ? "one number, for the one channel of grey images, such as 0.5"
                            : "three numbers, one per channel, such as 0.5,0.5,0.5"));
        }
        return List.copyOf(values);
    }

    /** Input value of every pixel value, {@code [network channels][256]}: in float32, as PyTorch computes it. */
    float[][] tables() {
        float[][] tables = new float[channels.count()][PIXEL_VALUES];
        for (int channel = 0; channel < channels.count(); channel++) {
            for (int pixel = 0; pixel < PIXEL_VALUES; pixel++) {
                tables[channel][pixel] = (pixel / pixelScale - mean.get(channel)) / std.get(channel);
            }
        }
        return tables;
    }
}
