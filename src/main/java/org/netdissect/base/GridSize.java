package org.netdissect.base;

/**
 * Height and width of an image in pixels, or of an activation map or label grid in cells.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record GridSize(int height, int width) {

    /** Throws {@link IllegalArgumentException} unless both sides are positive. */
    public GridSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("grid size " + height + "x" + width + ": both sides must be positive");
        }
    }

    /** Number of cells, {@code height * width}. Throws {@link ArithmeticException} past 2^31 - 1. */
    public int cells() {
        return Math.multiplyExact(height, width);
    }

    /** The size with the same proportions, rounded to whole cells, whose longer side is at most {@code side}. */
    public GridSize within(int side) {
        int longest = Math.max(height, width);
        return longest <= side ? this : new GridSize(scaled(height, side, longest), scaled(width, side, longest));
    }

    private static int scaled(int length, int side, int longest) {
        return Math.max(1, Math.round((float) length * side / longest));
    }

    /** The spelling of options and messages: {@code 112x112}, height first. */
    @Override
    public String toString() {
        return height + "x" + width;
    }
}
