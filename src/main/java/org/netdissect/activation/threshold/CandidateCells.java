package org.netdissect.activation.threshold;

import java.util.Arrays;
import org.netdissect.base.GridSize;

/**
 * Encodes the candidate cells of maps: the cells above a bound with their eight neighbours, which interpolation needs,
 * as one piece per row. Layout of a map in ints: first row (upper half) and number of rows (lower half); per row the
 * piece's first cell (upper half) and the cell after its last (lower half); the bits of all values. For one thread.
 */
final class CandidateCells {
    /** Greatest number of cells of a map: rows and cells are encoded in 16 bits. */
    static final int MOST_CELLS = 0xffff;

    private final int width;
    private final int height;
    /** [rows + 2] from row -1 on: first cell above the bound, or the width if there is none */
    private final int[] left;
    /** [rows + 2] the cell after the last cell above the bound, or 0 */
    private final int[] right;

    private int[] ints = new int[1 << 10];
    private int size;

    CandidateCells(GridSize map) {
        this.width = map.width();
        this.height = map.height();
        this.left = new int[height + 2];
        this.right = new int[height + 2];
        Arrays.fill(left, width);
    }

    /** Encoded ints {@code [0 .. size-1]}, valid until the next call. */
    int[] ints() {
        return ints;
    }

    int size() {
        return size;
    }

    /** Starts a new encoding after a header of zeros. */
    void begin(int header) {
        reserve(header);
        Arrays.fill(ints, 0, header, 0);
        size = header;
    }

    /**
     * Adds a map.
     *
     * @return start of the map, or 0 if no cell is above the bound and nothing was added
     */
    int add(float[] values, float bound) {
        int cells = width * height;
        int at = nextAbove(values, 0, cells, bound);
        if (at == cells) {
            return 0;
        }
        int firstRow = at / width;
        int lastRow = firstRow;
        while (at < cells) {
            lastRow = at / width;
            int start = lastRow * width;
            left[lastRow + 1] = at - start;
            right[lastRow + 1] = lastAbove(values, at, start + width, bound) + 1 - start;
            at = nextAbove(values, start + width, cells, bound);
        }
        int start = write(values, Math.max(firstRow - 1, 0), Math.min(lastRow + 1, height - 1));
        Arrays.fill(left, firstRow + 1, lastRow + 2, width);
        Arrays.fill(right, firstRow + 1, lastRow + 2, 0);
        return start;
    }

    private int write(float[] values, int firstRow, int lastRow) {
        int rows = lastRow + 1 - firstRow;
        int start = size;
        reserve(size + 1 + rows * (1 + width));
        ints[size++] = firstRow << Short.SIZE | rows;
        size += rows;
        for (int row = firstRow; row <= lastRow; row++) {
            int from = Math.min(Math.min(left[row], left[row + 1]), left[row + 2]);
            int to = Math.max(Math.max(right[row], right[row + 1]), right[row + 2]);
            from = Math.max(from - 1, 0);
            to = to == 0 ? from : Math.min(to + 1, width);
            ints[start + 1 + row - firstRow] = from << Short.SIZE | to;
            for (int i = row * width + from; i < row * width + to; i++) {
                ints[size++] = Float.floatToRawIntBits(values[i]);
            }
        }
        return start;
    }

    private static int nextAbove(float[] values, int from, int to, float bound) {
        for (int i = from; i < to; i++) {
            if (values[i] > bound) {
                return i;
            }
        }
        return to;
    }

    /** {@code first} is above the bound. */
    private static int lastAbove(float[] values, int first, int to, float bound) {
        int last = to - 1;
        while (last > first && !(values[last] > bound)) {
            last--;
        }
        return last;
    }

    private void reserve(int least) {
        if (least > ints.length) {
            ints = Arrays.copyOf(ints, Math.max(least, Math.multiplyExact(2, ints.length)));
        }
    }

    /**
     * Copies the cells of the map at {@code start} into {@code target} and leaves its other cells unchanged.
     *
     * @param width of the map
     */
    static void read(int[] ints, int start, int width, float[] target) {
        int firstRow = ints[start] >>> Short.SIZE;
        int rows = ints[start] & MOST_CELLS;
        int at = start + 1 + rows;
        for (int row = 0; row < rows; row++) {
            int piece = ints[start + 1 + row];
            int line = (firstRow + row) * width;
            int to = line + (piece & MOST_CELLS);
            for (int cell = line + (piece >>> Short.SIZE); cell < to; cell++) {
                target[cell] = Float.intBitsToFloat(ints[at++]);
            }
        }
    }
}
