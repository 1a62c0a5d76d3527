package org.netdissect.align;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.netdissect.base.GridSize;

/** Position, extent and regions of masks. */
public final class MaskGeometry {
    private MaskGeometry() {}

    /** Share of its grid that the mask covers, 0 to 1. */
    public static double share(Mask mask) {
        return (double) mask.size() / mask.grid().cells();
    }

    /** Union of two masks. Throws {@link IllegalArgumentException} if the grids differ. */
    public static Mask union(Mask one, Mask other) {
        if (!one.grid().equals(other.grid())) {
            throw new IllegalArgumentException("masks on grids of " + one.grid() + " and " + other.grid());
        }
        BitSet both = one.bits();
        both.or(other.bits());
        return Mask.of(one.grid(), both);
    }

    /** Smallest box that contains the mask. Throws {@link java.util.NoSuchElementException} for an empty one. */
    public static Box bounds(Mask mask) {
        return regions(mask).stream().map(Region::box).reduce(Box::with).orElseThrow();
    }

    /**
     * A region of pixels connected by their sides.
     *
     * @param size number of pixels
     * @param box smallest box that contains them
     */
    public record Region(int size, Box box) {}

    /** The mask's regions, largest first, ties by the upper one. */
    public static List<Region> regions(Mask mask) {
        List<Region> regions = new ArrayList<>();
        BitSet left = mask.bits();
        int[] stack = new int[left.cardinality()];
        for (int pixel = left.nextSetBit(0); pixel >= 0; pixel = left.nextSetBit(pixel)) {
            regions.add(take(pixel, mask.grid(), left, stack));
        }
        regions.sort(Comparator.comparingInt((Region region) -> -region.size()));
        return regions;
    }

    /** Removes the region of {@code start} from {@code left}. */
    private static Region take(int start, GridSize grid, BitSet left, int[] stack) {
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
