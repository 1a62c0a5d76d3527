package org.netdissect.align;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.labels.LabelMap;

/** A set of pixels of one label grid: a unit's mask M_k(x) or a label's pixels L_c(x). */
public final class Mask {
    private final GridSize grid;
    /** [2 * runs] first pixel of each run in row-major order and the pixel after its last; ascending, never touching */
    private final int[] runs;

    private Mask(GridSize grid, int[] runs) {
        this.grid = grid;
        this.runs = runs;
    }

    /** Makes a mask of {@code pixels[0 .. count-1]}, row-major indices in any order. */
    static Mask of(GridSize grid, int[] pixels, int count) {
        BitSet bits = new BitSet(grid.cells());
        for (int i = 0; i < count; i++) {
            bits.set(pixels[i]);
        }
        return of(grid, bits);
    }

    /** Reads what {@link #write} wrote for a mask on this grid. */
    static Mask read(PackedInput in, GridSize grid) throws DataFormatException {
        int cells = grid.cells();
        int[] runs = new int[2 * in.number(Math.min(cells, in.remaining()) / 2 + 1)];
        int at = 0;
        for (int i = 0; i < runs.length; i += 2) {
            runs[i] = at + in.number(cells - at);
            at = runs[i] + in.number(cells - runs[i]);
            runs[i + 1] = at;
        }
        return new Mask(grid, runs);
    }

    /** Writes the number of runs, then each run's gap and length. */
    void write(PackedOutput out) {
        out.number(runs.length / 2);
        int after = 0;
        for (int i = 0; i < runs.length; i += 2) {
            out.number(runs[i] - after);
            after = runs[i + 1];
            out.number(after - runs[i]);
        }
    }

    /** Makes a mask of the pixels with each of the wanted labels in one image; 0 must not be among them. */
    public static Map<Integer, Mask> of(LabelMap labels, Set<Integer> wanted) {
        int cells = labels.size().cells();
        Map<Integer, BitSet> pixels = new HashMap<>();
        wanted.forEach(label -> pixels.put(label, new BitSet(cells)));
        for (int label : labels.imageLabels()) {
            set(pixels.get(label), 0, cells);
        }
        for (char[] plane : labels.planes()) {
            // neighbours mostly share a label
            for (int from = 0, to; from < cells; from = to) {
                for (to = from + 1; to < cells && plane[to] == plane[from]; ) {
                    to++;
                }
                set(pixels.get((int) plane[from]), from, to);
            }
        }
        Map<Integer, Mask> masks = new HashMap<>();
        pixels.forEach((label, bits) -> masks.put(label, of(labels.size(), bits)));
        return masks;
    }

    private static void set(@Nullable BitSet bits, int from, int to) {
        if (bits != null) {
            bits.set(from, to);
        }
    }

    /** Makes a mask of the set bits. */
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

    /** Number of common pixels of two masks on one grid. */
    public int intersect(Mask that) {
        BitSet both = bits();
        both.and(that.bits());
        return both.cardinality();
    }

    /** Copies the pixels, row-major, into a new set. */
    public BitSet bits() {
        BitSet bits = new BitSet(grid.cells());
        for (int i = 0; i < runs.length; i += 2) {
            bits.set(runs[i], runs[i + 1]);
        }
        return bits;
    }
}
