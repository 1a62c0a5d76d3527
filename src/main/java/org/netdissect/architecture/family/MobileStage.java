package org.netdissect.architecture.family;

/**
 * Blocks of the same width in the successors of MobileNet V2.
 *
 * @param fused whether the first two convolutions of a block are one
 * @param expansion factor of the channels inside a block
 * @param stride of the first block
 */
record MobileStage(boolean fused, int expansion, int kernel, int stride, int channels, int blocks) {
    /** Blocks with a depthwise convolution. */
    MobileStage(int expansion, int kernel, int stride, int channels, int blocks) {
        this(false, expansion, kernel, stride, channels, blocks);
    }

    /** The same with channels and number of blocks times a factor. */
    MobileStage scaled(double width, double depth) {
        return new MobileStage(fused, expansion, kernel, stride, VisionLayers.scaled(channels, width), (int)
                Math.ceil(blocks * depth));
    }
}
