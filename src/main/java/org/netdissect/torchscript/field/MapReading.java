package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /**
     * An axis of an output, by the letter that option {@code --axes} has for it.
     *
     * @param letter {@code n} images, {@code u} units, {@code y} rows, {@code x} columns, {@code t} tokens
     * @param length of the axis; of images whatever
     */
    public record Axis(char letter, long length) {}

    /**
     * The tokens that are places.
     *
     * @param kept their positions among all tokens, in order
     * @param grid axes of the map that they make, outermost first
     */
    public record Tokens(List<Range> kept, List<Axis> grid) {}

    /**
     * Puts axes in order.
     *
     * @param shape as {@link #shape}
     * @param axes of all dimensions, outermost first; one of images, at most one of rows, columns and tokens
     * @param tokens where there is an axis of tokens
     * @throws ArithmeticException where there are more units or cells than an int holds
     */
    public static MapReading of(List<Long> shape, int images, List<Axis> axes, Optional<Tokens> tokens, String text) {
        List<Long> lengths = new ArrayList<>();
        List<Axis> parts = new ArrayList<>();
        int tokensAt = -1;
        for (Axis axis : axes) {
            long length = axis.letter() == 'n' ? ANY : axis.length();
            if (axis.letter() == 't') {
                tokensAt = lengths.size();
                parts.addAll(tokens.orElseThrow().grid());
            } else {
                parts.add(new Axis(axis.letter(), length));
            }
            lengths.add(length);
        }
        List<Integer> order = new ArrayList<>();
        Map<Character, Long> sizes = new HashMap<>();
        for (char wanted : "nuyx".toCharArray()) {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).letter() == wanted) {
                    order.add(i);
                    sizes.merge(wanted, parts.get(i).length(), Math::multiplyExact);
                }
            }
        }
        GridSize map = new GridSize(
                Math.toIntExact(sizes.getOrDefault('y', 1L)), Math.toIntExact(sizes.getOrDefault('x', 1L)));
        return new MapReading(
                shape,
                images,
                lengths,
                tokensAt,
                tokens.map(Tokens::kept).orElse(List.of()),
                parts.stream().map(Axis::length).toList(),
                order,
                Math.toIntExact(sizes.getOrDefault('u', 1L)),
                map,
                text);
    }

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
