package org.netdissect.network;

/** Order of the colour channels a network was trained with. */
public enum ChannelOrder {
    /** Red first, as torchvision's networks. */
    RGB,
    /** Blue first, as networks that came from Caffe or OpenCV. */
    BGR;

    /** Place of network channel {@code channel} in an RGB pixel. */
    int rgbIndex(int channel) {
        return this == RGB ? channel : 2 - channel;
    }
}
