package org.netdissect.align;

import org.netdissect.base.GridSize;

/**
 * A rectangle of whole pixels.
 *
 * @param left first column, 0-based
 * @param top first row, 0-based
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Box(int left, int top, int width, int height) {
    /** Smallest box that contains both. */
    Box with(Box other) {
        int newLeft = Math.min(left, other.left);
        int newTop = Math.min(top, other.top);
        int right = Math.max(left + width, other.left + other.width);
        int bottom = Math.max(top + height, other.top + other.height);
        return new Box(newLeft, newTop, right - newLeft, bottom - newTop);
    }

    /** Smallest box of whole pixels that contains this one when {@code from} is scaled to {@code to}. */
    public Box scaled(GridSize from, GridSize to) {
        int newLeft = floor(left, from.width(), to.width());
        int newTop = floor(top, from.height(), to.height());
        int right = ceil(left + width, from.width(), to.width());
        int bottom = ceil(top + height, from.height(), to.height());
        return new Box(newLeft, newTop, right - newLeft, bottom - newTop);
    }

    private static int floor(int at, int from, int to) {
        return (int) ((long) at * to / from);
    }

    private static int ceil(int at, int from, int to) {
        return (int) (((long) at * to + from - 1) / from);
    }
}
