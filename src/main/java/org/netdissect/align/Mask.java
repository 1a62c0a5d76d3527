package org.netdissect.align;

import java.util.Arrays;
import java.util.BitSet;
import org.netdissect.base.GridSize;
import org.netdissect.broden.LabelMap;

/** Pixels of one label grid: those of a unit's mask M_k(x), or those of a label, L_c(x). */
public final class Mask {
    private final GridSize grid;
    /** [2 * runs] first pixel of each run in row-major order and the pixel after its last; ascending, never touching */
    private final int[] runs;

    private Mask(GridSize grid, int[] runs) {
        this.grid = grid;
        this.runs = runs;
    }

    /** The pixels {@code pixels[0 .. count-1]}, row-major indices in any order. */
    static Mask of(GridSize grid, int[] pixels, int count) {
        BitSet bits = new BitSet(grid.cells());
        for (int i = 0; i < count; i++) {
            bits.set(pixels[i]);
        }
        return of(grid, bits);
    }

    /** The pixels of one image that carry a label. */
    public static Mask of(LabelMap labels, int label) {
        int cells = labels.size().cells();
        BitSet bits = new BitSet(cells);
        if (Arrays.stream(labels.imageLabels()).anyMatch(number -> number == label)) {
            bits.set(0, cells);
        }
        for (char[] plane : labels.planes()) {
            for (int pixel = 0; pixel < cells; pixel++) {
                if (plane[pixel] == label) {
                    bits.set(pixel);
                }
            }
        }
        return of(labels.size(), bits);
    }

    /** The pixels whose bits are set. */
    public static Mask of(GridSize grid, BitSet bits) {
        int[] runs = new int[2];
        int count = 0;
        for (int from = bits.nextSetBit(0); from >= 0; ) {
            int to = bits.nextClearBit(from);
            if (count == runs.length) {
                runs = Arrays.copyOf(runs, 2 * count);
            }
            runs[count++] = from;
            runs[count++] = to;
            from = bits.nextSetBit(to);
        }
        return new Mask(grid, Arrays.copyOf(runs, count));
    }

    /** The label grid. */
    public GridSize grid() {
        return grid;
    }

    /** Number of pixels. */
    public int size() {
        int size = 0;
        for (int i = 0; i < runs.length; i += 2) {
            size += runs[i + 1] - runs[i];
        }
        return size;
    }

    /** Number of pixels that are in both; they must be of one grid. */
    public int intersect(Mask that) {
        BitSet both = bits();
        both.and(that.bits());
        return both.cardinality();
    }

    /** The pixels, row-major, as a set that is the caller's. */
    public BitSet bits() {
        BitSet bits = new BitSet(grid.cells());
        for (int i = 0; i < runs.length; i += 2) {
            bits.set(runs[i], runs[i + 1]);
        }
        return bits;
    }
}
