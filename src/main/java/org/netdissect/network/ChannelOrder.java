package org.netdissect.network;

import org.jspecify.annotations.Nullable;

/** Order of the colour channels that a network was trained with. */
public enum ChannelOrder {
    /** Red first, as torchvision's networks. */
    RGB,
    /** Blue first, as networks that came from Caffe or OpenCV. */
    BGR,
    /** One channel of brightness, as Pillow's {@code convert("L")} gives it. */
    GREY;

    /** Number of channels. */
    public int count() {
        return this == GREY ? 1 : 3;
    }

    /** Parses a name, {@code grey} included; null for any other text. */
    public static @Nullable ChannelOrder named(String text) {
        return switch (text) {
            case "RGB" -> RGB;
            case "BGR" -> BGR;
            case "grey", "GREY" -> GREY;
            default -> null;
        };
    }

    /** Place of network channel {@code channel} in an RGB pixel. */
    int rgbIndex(int channel) {
        return this == BGR ? 2 - channel : channel;
    }
}
