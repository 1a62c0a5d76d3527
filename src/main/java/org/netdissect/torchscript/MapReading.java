package org.netdissect.torchscript;

import java.util.List;
import java.util.stream.IntStream;
import org.netdissect.base.GridSize;

/**
 * How a layer's output is read as maps {@code [images, units, height, width]}: its dimensions are taken apart into axes,
 * tokens that are no places are left out, and the parts are put in order.
 *
 * @param shape what the output has to be: the length of each dimension, one image's where images run along it
 * @param images the dimension that images run along
 * @param axes lengths of the axes, {@link #ANY} for the images
 * @param tokens position of the axis of which only {@code kept} stay, or -1
 * @param kept positions along it that stay, in order
 * @param parts lengths of the axes of what stays, {@link #ANY} for the images
 * @param order positions in {@code parts} of images, then units, then rows and columns
 * @param units channels of the maps
 * @param map size of one map
 * @param text the same for people, as option {@code --axes} takes it
 */
public record MapReading(
        List<Long> shape,
        int images,
        List<Long> axes,
        int tokens,
        List<Range> kept,
        List<Long> parts,
        List<Integer> order,
        int units,
        GridSize map,
        String text) {
    /** Length of the axis of images. */
    public static final long ANY = -1;

    /** The positions {@code from .. until - 1}. */
    public record Range(long from, long until) {}

    /** Whether the output is {@code [images, units, height, width]}, with any dimension of length 1 left out or not. */
    public boolean isInOrder() {
        return tokens < 0 && IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i);
    }

    /** Whether an output of this shape, for so many images, can be read so. */
    public boolean fits(long[] output, int imageCount) {
        if (output.length != shape.size()) {
            return false;
        }
        return IntStream.range(0, output.length)
                .allMatch(i -> output[i] == shape.get(i) * (i == images ? imageCount : 1));
    }
}
