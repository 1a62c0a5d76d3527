package org.netdissect.report;

import java.util.BitSet;
import org.netdissect.align.Mask;

/**
 * The outline of a mask as an SVG path in pixels of its grid: closed loops along the edges of pixels, such as {@code M3
 * 1h2v1h-2z}. The filled path is exactly the mask, by either fill rule.
 */
final class MaskPath {
    private static final int RIGHT = 1;
    private static final int DOWN = 2;
    private static final int LEFT = 4;
    private static final int UP = 8;

    /** Grid points in a row, one more than pixels; the extra pixel at the end of a row is in no mask. */
    private final int width;
    /** [grid point] bits of the edges that leave the point, with the mask on their right */
    private final byte[] edges;
    /** Points with an edge to the right or downwards; the upper left point of every loop is one. */
    private final BitSet starts = new BitSet();

    private final StringBuilder path = new StringBuilder();
    private int lastX;
    private int lastY;

    private MaskPath(Mask mask) {
        this.width = mask.grid().width() + 1;
        this.edges = new byte[width * (mask.grid().height() + 1)];
        long[] pixels = pixels(mask);
        for (int word = 0; word < pixels.length; word++) {
            int from = word * Long.SIZE;
            mark(RIGHT, from, pixels[word] & ~bits(pixels, from - width));
            mark(DOWN, from + 1, pixels[word] & ~bits(pixels, from + 1));
            mark(LEFT, from + width + 1, pixels[word] & ~bits(pixels, from + width));
            mark(UP, from + width, pixels[word] & ~bits(pixels, from - 1));
        }
    }

    /** The mask's pixels by the point at their upper left. */
    private long[] pixels(Mask mask) {
        BitSet bits = mask.bits();
        BitSet pixels = new BitSet(edges.length);
        int columns = width - 1;
        for (int from = bits.nextSetBit(0); from >= 0; ) {
            int row = from / columns;
            int to = Math.min(bits.nextClearBit(from), (row + 1) * columns);
            pixels.set(from + row, to + row);
            from = bits.nextSetBit(to);
        }
        return pixels.toLongArray();
    }

    /** 64 bits from {@code from} on; bits outside the array are 0. */
    private static long bits(long[] words, int from) {
        int word = Math.floorDiv(from, Long.SIZE);
        int shift = Math.floorMod(from, Long.SIZE);
        long low = word >= 0 && word < words.length ? words[word] >>> shift : 0;
        boolean both = shift > 0 && word >= -1 && word + 1 < words.length;
        return both ? low | words[word + 1] << (Long.SIZE - shift) : low;
    }

    private void mark(int direction, int from, long points) {
        for (long left = points; left != 0; left &= left - 1) {
            int point = from + Long.numberOfTrailingZeros(left);
            edges[point] |= (byte) direction;
            if (direction == RIGHT || direction == DOWN) {
                starts.set(point);
            }
        }
    }

    /** The path, empty for an empty mask. */
    static String of(Mask mask) {
        MaskPath outline = new MaskPath(mask);
        BitSet starts = outline.starts;
        for (int point = starts.nextSetBit(0); point >= 0; point = starts.nextSetBit(point + 1)) {
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

    /** The next edge: the right turn where two masks meet at a corner, which separates them. */
    private static int turn(int edges, int direction) {
        int right = direction == UP ? RIGHT : direction << 1;
        return (edges & right) != 0 ? right : Integer.lowestOneBit(edges);
    }
}
