package org.netdissect.activation;

import java.util.Arrays;
import java.util.BitSet;
import org.netdissect.base.GridSize;

/**
 * Writes and reads what of one map may lie in a mask: its cells above a bound with their eight neighbours, which
 * interpolation between cells needs. As ints: the number of runs, then of each run its first cell (upper half) and length
 * (lower half), and the bits of its values. For one thread.
 */
final class ActiveCells {
    /** A run's first cell and length have 16 bits each. */
    static final int MOST_CELLS = 0xffff;

    private final GridSize map;
    private final BitSet marked;
    private int[] ints = new int[1 << 10];
    private int size;

    ActiveCells(GridSize map) {
        this.map = map;
        this.marked = new BitSet(map.cells());
    }

    /** What was written, {@code [0 .. size-1]}, until the next call. */
    int[] ints() {
        return ints;
    }

    int size() {
        return size;
    }

    /** Begins anew, behind a header of zeros. */
    void begin(int header) {
        reserve(header);
        Arrays.fill(ints, 0, header, 0);
        size = header;
    }

    /**
     * Adds a map, whose values that cannot count are negative infinity or at most {@code bound}.
     *
     * @return where it begins, or 0 where no cell is above the bound and nothing was added
     */
    int add(float[] values, float bound) {
        int cells = map.cells();
        int first = nextAbove(values, 0, cells, bound);
        if (first == cells) {
            return 0;
        }
        mark(values, first, bound);
        int start = size;
        reserve(size + 1);
        size++;
        int runs = 0;
        for (int from = marked.nextSetBit(0); from >= 0; ) {
            int to = marked.nextClearBit(from);
            reserve(size + 1 + to - from);
            ints[size++] = from << Short.SIZE | to - from;
            for (int i = from; i < to; i++) {
                ints[size++] = Float.floatToRawIntBits(values[i]);
            }
            runs++;
            from = marked.nextSetBit(to);
        }
        ints[start] = runs;
        return start;
    }

    /** Run by run along each row, with what is left and right of it, in its row and in those above and below. */
    private void mark(float[] values, int first, float bound) {
        marked.clear();
        int width = map.width();
        int cells = map.cells();
        for (int from = first; from < cells; ) {
            int row = from / width * width;
            int rowEnd = row + width;
            int to = from + 1;
            while (to < rowEnd && values[to] > bound) {
                to++;
            }
            int left = Math.max(from - 1, row);
            int right = Math.min(to + 1, rowEnd);
            marked.set(left, right);
            if (row > 0) {
                marked.set(left - width, right - width);
            }
            if (rowEnd < cells) {
                marked.set(left + width, right + width);
            }
            from = nextAbove(values, to, cells, bound);
        }
    }

    private static int nextAbove(float[] values, int from, int to, float bound) {
        for (int i = from; i < to; i++) {
            if (values[i] > bound) {
                return i;
            }
        }
        return to;
    }

    private void reserve(int least) {
        if (least > ints.length) {
            ints = Arrays.copyOf(ints, Math.max(least, Math.multiplyExact(2, ints.length)));
        }
    }

    /** Puts the cells of a map that begins at {@code start} into {@code target}, and leaves the others. */
    static void read(int[] ints, int start, float[] target) {
        int at = start + 1;
        for (int runs = ints[start]; runs > 0; runs--) {
            int run = ints[at++];
            int from = run >>> Short.SIZE;
            int to = from + (run & MOST_CELLS);
            for (int cell = from; cell < to; cell++) {
                target[cell] = Float.intBitsToFloat(ints[at++]);
            }
        }
    }
}
