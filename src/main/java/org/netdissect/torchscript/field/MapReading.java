package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.netdissect.base.GridSize;

/**
 * Conversion of a layer's output to maps {@code [images, units, height, width]}: dimensions are split into axes, extra
 * tokens are dropped, and the axes are permuted.
 *
 * @param shape required length of each dimension; for the dimension of images, the length per image
 * @param images index of the dimension of images
 * @param axes lengths of the axes, {@link #ANY} for the images
 * @param tokens index of the axis of tokens, of which {@code kept} are kept; -1 without tokens
 * @param kept kept positions along the axis of tokens, in order
 * @param parts lengths of the axes after dropping tokens, {@link #ANY} for the images
 * @param order indices in {@code parts} of images, then units, then rows and columns
 * @param units channels of the maps
 * @param map size of one map
 * @param text the same as text in the syntax of option {@code --axes}
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
     * An axis of an output with its letter in option {@code --axes}.
     *
     * @param letter {@code n} images, {@code u} units, {@code y} rows, {@code x} columns, {@code t} tokens
     * @param length of the axis; unused for images
     */
    public record Axis(char letter, long length) {}

    /**
     * The tokens with image positions.
     *
     * @param kept their positions among all tokens, in order
     * @param grid axes of their map, outermost first
     */
    public record Tokens(List<Range> kept, List<Axis> grid) {}

    /**
     * Makes the reading of an output from its axes.
     *
     * @param shape as {@link #shape}
     * @param axes of all dimensions, outermost first; one of images, at most one of rows, columns and tokens
     * @param tokens the kept tokens, if there is an axis of tokens
     * @throws ArithmeticException if the numbers of units or cells exceed an int
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

    /** Whether the output is {@code [images, units, height, width]}, except for dimensions of length 1. */
    public boolean isInOrder() {
        return tokens < 0 && IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i);
    }

    /** Whether this reading fits an output of the given shape for {@code images} images. */
    public boolean fits(long[] output, int imageCount) {
        if (output.length != shape.size()) {
            return false;
        }
        return IntStream.range(0, output.length)
                .allMatch(i -> output[i] == shape.get(i) * (i == images ? imageCount : 1));
    }
}
