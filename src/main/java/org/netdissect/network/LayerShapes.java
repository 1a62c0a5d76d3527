package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

/** Reads a layer's output as maps of units: rank 4 as it is, rank 2 as 1x1 maps, rank 3 as a grid of tokens. */
final class LayerShapes {
    private LayerShapes() {}

    /** An array and how it is read. */
    record Maps(NDArray array, int units, GridSize map) {}

    /**
     * Arranges {@code output} as {@code [images][units][height][width]}.
     *
     * @param inputSize size of the network's input, which tells the grid of tokens
     * @throws InputException where the shape is no such thing; the message starts with the layer's name
     */
    static Maps maps(String layer, NDArray output, int images, GridSize inputSize) {
        Shape shape = output.getShape();
        if (shape.dimension() < 2 || shape.get(0) != images) {
            throw new InputException("layer " + layer + ": output " + shape + " for " + images
                    + " images has no row for each image; choose another layer");
        }
        if (shape.size() == 0) {
            throw new InputException("layer " + layer + ": output " + shape + " is empty");
        }
        return switch (shape.dimension()) {
            case 2 -> new Maps(output, Math.toIntExact(shape.get(1)), new GridSize(1, 1));
            case 3 -> tokens(layer, output, shape, inputSize);
            case 4 -> {
                GridSize map = new GridSize(Math.toIntExact(shape.get(2)), Math.toIntExact(shape.get(3)));
                yield new Maps(output, Math.toIntExact(shape.get(1)), map);
            }
            default ->
                throw new InputException("layer " + layer + ": output " + shape + " has rank " + shape.dimension()
                        + "; expected 2, 3 (tokens) or 4");
        };
    }

    /** A shape without its batch, for people: {@code 512 x 14x14}, {@code 197 tokens x 768}, {@code 4096}. */
    static String text(Shape shape) {
        return switch (shape.dimension()) {
            case 2 -> Long.toString(shape.get(1));
            case 3 -> shape.get(1) + " tokens x " + shape.get(2);
            case 4 -> shape.get(1) + " x " + shape.get(2) + "x" + shape.get(3);
            default -> shape.toString();
        };
    }

    private static Maps tokens(String layer, NDArray output, Shape shape, GridSize inputSize) {
        int tokens = Math.toIntExact(shape.get(1));
        int units = Math.toIntExact(shape.get(2));
        for (int classTokens = 0; classTokens <= 1; classTokens++) {
            Optional<GridSize> grid = tokenGrid(tokens - classTokens, inputSize);
            if (grid.isPresent()) {
                NDArray patches = classTokens == 0 ? output : output.get(":, 1:, :");
                return new Maps(patches.transpose(0, 2, 1), units, grid.get());
            }
        }
        throw new InputException("layer " + layer + ": " + tokens + " tokens make no grid over an input of " + inputSize
                + ", with or without a class token; choose another layer");
    }

    /** The grid of square patches of whole pixels that has this many tokens. */
    static Optional<GridSize> tokenGrid(int tokens, GridSize input) {
        for (int patch = 1; patch <= Math.min(input.height(), input.width()); patch++) {
            int rows = input.height() / patch;
            int columns = input.width() / patch;
            boolean whole = rows * patch == input.height() && columns * patch == input.width();
            if (whole && (long) rows * columns == tokens) {
                return Optional.of(new GridSize(rows, columns));
            }
        }
        return Optional.empty();
    }
}
