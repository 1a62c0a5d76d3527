package org.netdissect.report;

import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;

/**
 * A mask as path of an SVG: the sides of its pixels where it ends, in the grid's own units. Each region is one loop around
 * it, and one for every hole, so that both fill rules fill the mask.
 */
final class MaskOutline {
    /** Directions in which a side is walked with the mask to its right: right, down, left, up. */
    private static final int[] STEP_X = {1, 0, -1, 0};

    private static final int[] STEP_Y = {0, 1, 0, -1};

    private final Mask mask;
    private final int width;
    /** [corners] bit d is set where a side that is still to be walked leaves in direction d */
    private final byte[] sides;

    private final StringBuilder path = new StringBuilder();

    private MaskOutline(Mask mask) {
        GridSize grid = mask.grid();
        this.mask = mask;
        this.width = grid.width() + 1;
        this.sides = new byte[width * (grid.height() + 1)];
    }

    /** The path's data, such as {@code M3 1h2v1h-2z}; empty for an empty mask. */
    static String path(Mask mask) {
        MaskOutline outline = new MaskOutline(mask);
        outline.collect();
        for (int corner = 0; corner < outline.sides.length; corner++) {
            while (outline.sides[corner] != 0) {
                outline.walk(corner);
            }
        }
        return outline.path.toString();
    }

    private void collect() {
        for (int y = 0; y < mask.grid().height(); y++) {
            for (int x = 0; x < mask.grid().width(); x++) {
                if (mask.contains(y, x)) {
                    leave(!mask.contains(y - 1, x), x, y, 0);
                    leave(!mask.contains(y, x + 1), x + 1, y, 1);
                    leave(!mask.contains(y + 1, x), x + 1, y + 1, 2);
                    leave(!mask.contains(y, x - 1), x, y + 1, 3);
                }
            }
        }
    }

    private void leave(boolean ends, int x, int y, int direction) {
        if (ends) {
            sides[y * width + x] |= (byte) (1 << direction);
        }
    }

    /** One loop; where two pixels touch at a corner it turns right and stays with its own. */
    private void walk(int start) {
        int corner = start;
        int direction = Integer.numberOfTrailingZeros(sides[start]);
        path.append('M').append(start % width).append(' ').append(start / width);
        int length = 0;
        while (true) {
            sides[corner] &= (byte) ~(1 << direction);
            corner += STEP_Y[direction] * width + STEP_X[direction];
            length++;
            if (corner == start) {
                // the last side is the one that closes the path
                path.append('z');
                return;
            }
            int next = next(corner, direction);
            if (next != direction) {
                line(direction, length);
                length = 0;
            }
            direction = next;
        }
    }

    private int next(int corner, int direction) {
        for (int turn : new int[] {1, 0, 3}) {
            int candidate = (direction + turn) % 4;
            if ((sides[corner] & 1 << candidate) != 0) {
                return candidate;
            }
        }
        throw new IllegalStateException("the mask's outline ends at corner " + corner);
    }

    private void line(int direction, int length) {
        int step = STEP_X[direction] + STEP_Y[direction];
        path.append(STEP_X[direction] != 0 ? 'h' : 'v').append(step * length);
    }
}
