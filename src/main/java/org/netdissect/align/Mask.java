package org.netdissect.align;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.netdissect.base.GridSize;

/** Some pixels of a grid, such as a unit's mask M_k(x). Immutable. */
public final class Mask {
    private final GridSize grid;
    /** row-major */
    private final BitSet pixels;

    /** A copy of {@code pixels}, row-major indices into the grid. */
    public Mask(GridSize grid, BitSet pixels) {
        if (pixels.length() > grid.cells()) {
            throw new IllegalArgumentException("pixel " + (pixels.length() - 1) + " of a grid of " + grid);
        }
        this.grid = grid;
        this.pixels = (BitSet) pixels.clone();
    }

    /** What the mask's pixels are pixels of. */
    public GridSize grid() {
        return grid;
    }

    /** Number of pixels in the mask. */
    public int size() {
        return pixels.cardinality();
    }

    /** Share of the grid that the mask covers, 0 to 1. */
    public double share() {
        return (double) size() / grid.cells();
    }

    /** The pixels of either mask. Throws {@link IllegalArgumentException} where the grids differ. */
    public Mask or(Mask other) {
        if (!grid.equals(other.grid)) {
            throw new IllegalArgumentException("masks on grids of " + grid + " and " + other.grid);
        }
        BitSet both = (BitSet) pixels.clone();
        both.or(other.pixels);
        return new Mask(grid, both);
    }

    /** Whether a pixel is in the mask; false outside the grid. */
    public boolean contains(int row, int column) {
        boolean inside = row >= 0 && row < grid.height() && column >= 0 && column < grid.width();
        return inside && pixels.get(row * grid.width() + column);
    }

    /** The least box that holds the mask. Throws {@link java.util.NoSuchElementException} for an empty one. */
    public Box bounds() {
        return regions().stream().map(Region::box).reduce(Box::with).orElseThrow();
    }

    /**
     * Pixels that hang together by their sides.
     *
     * @param size number of pixels
     * @param box the least that holds them all
     */
    public record Region(int size, Box box) {}

    /** The mask's regions, largest first, of equal ones the upper first. */
    public List<Region> regions() {
        List<Region> regions = new ArrayList<>();
        BitSet left = (BitSet) pixels.clone();
        int[] stack = new int[size()];
        for (int pixel = left.nextSetBit(0); pixel >= 0; pixel = left.nextSetBit(pixel)) {
            regions.add(take(pixel, left, stack));
        }
        regions.sort(Comparator.comparingInt((Region region) -> -region.size()));
        return regions;
    }

    /** Takes the region of {@code start} out of {@code left}. */
    private Region take(int start, BitSet left, int[] stack) {
        int width = grid.width();
        int size = 0;
        Box box = new Box(start % width, start / width, 1, 1);
        int depth = 0;
        stack[depth++] = start;
        left.clear(start);
        while (depth > 0) {
            int pixel = stack[--depth];
            int row = pixel / width;
            int column = pixel % width;
            size++;
            box = box.with(new Box(column, row, 1, 1));
            int[] neighbours = {
                row > 0 ? pixel - width : -1,
                row < grid.height() - 1 ? pixel + width : -1,
                column > 0 ? pixel - 1 : -1,
                column < width - 1 ? pixel + 1 : -1
            };
            for (int neighbour : neighbours) {
                if (neighbour >= 0 && left.get(neighbour)) {
                    left.clear(neighbour);
                    stack[depth++] = neighbour;
                }
            }
        }
        return new Region(size, box);
    }
}
