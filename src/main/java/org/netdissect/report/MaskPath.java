package org.netdissect.report;

import java.util.BitSet;
import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;

/**
 * The outline of a mask as data of an SVG path, in pixels of its grid: closed loops along the edges of pixels, such as {@code
 * M3 1h2v1h-2z}. Filled, by whichever rule, it is the mask exactly.
 */
final class MaskPath {
    private static final int RIGHT = 1;
    private static final int DOWN = 2;
    private static final int LEFT = 4;
    private static final int UP = 8;

    private final int width;
    /** [grid points] the edges that leave a point, with the mask to their right */
    private final byte[] edges;

    private final StringBuilder path = new StringBuilder();
    private int lastX;
    private int lastY;

    private MaskPath(BitSet bits, GridSize grid) {
        this.width = grid.width() + 1;
        this.edges = new byte[width * (grid.height() + 1)];
        for (int pixel = bits.nextSetBit(0); pixel >= 0; pixel = bits.nextSetBit(pixel + 1)) {
            int y = pixel / grid.width();
            int x = pixel % grid.width();
            if (y == 0 || !bits.get(pixel - grid.width())) {
                edges[y * width + x] |= RIGHT;
            }
            if (y == grid.height() - 1 || !bits.get(pixel + grid.width())) {
                edges[(y + 1) * width + x + 1] |= LEFT;
            }
            if (x == 0 || !bits.get(pixel - 1)) {
                edges[(y + 1) * width + x] |= UP;
            }
            if (x == grid.width() - 1 || !bits.get(pixel + 1)) {
                edges[y * width + x + 1] |= DOWN;
            }
        }
    }

    /** The path, empty for an empty mask. */
    static String of(Mask mask) {
        MaskPath outline = new MaskPath(mask.bits(), mask.grid());
        for (int point = 0; point < outline.edges.length; point++) {
            while (outline.edges[point] != 0) {
                outline.loop(point);
            }
        }
        return outline.path.toString();
    }

    private void loop(int start) {
        int x = start % width;
        int y = start / width;
        if (path.isEmpty()) {
            path.append('M').append(x).append(' ').append(y);
        } else {
            path.append('m').append(x - lastX).append(' ').append(y - lastY);
        }
        lastX = x;
        lastY = y;
        int point = start;
        int direction = Integer.lowestOneBit(edges[point]);
        do {
            int from = point;
            do {
                edges[point] &= (byte) ~direction;
                point += step(direction);
            } while (point != start && (edges[point] & 0xf) == direction);
            int next = point == start ? 0 : turn(edges[point], direction);
            if (next != 0) {
                append(direction, from, point);
                direction = next;
            }
        } while (point != start);
        path.append('z');
    }

    private void append(int direction, int from, int to) {
        boolean horizontal = direction == RIGHT || direction == LEFT;
        path.append(horizontal ? 'h' : 'v').append(horizontal ? to - from : (to - from) / width);
    }

    private int step(int direction) {
        return switch (direction) {
            case RIGHT -> 1;
            case LEFT -> -1;
            case DOWN -> width;
            default -> -width;
        };
    }

    /** The next edge; where two masks meet at a corner the right turn, which keeps them apart. */
    private static int turn(int edges, int direction) {
        int right = direction == UP ? RIGHT : direction << 1;
        return (edges & right) != 0 ? right : Integer.lowestOneBit(edges);
    }
}
