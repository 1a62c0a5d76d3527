package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;

class MaskGeometryTest {
    /** Mask from rows of text, with # for a pixel of the mask. */
    static Mask draw(String... rows) {
        GridSize grid = new GridSize(rows.length, rows[0].length());
        BitSet pixels = new BitSet();
        for (int i = 0; i < grid.cells(); i++) {
            pixels.set(i, rows[i / grid.width()].charAt(i % grid.width()) == '#');
        }
        return Mask.of(grid, pixels);
    }

    @Test
    void regionsByHand() {
        Mask mask = draw(
                "##..#", //
                ".#.#.", "...##");
        assertEquals(7, mask.size());
        assertEquals(7 / 15.0, MaskGeometry.share(mask));
        // corners do not connect; of the two largest regions the upper comes first
        assertEquals(
                List.of(
                        new MaskGeometry.Region(3, new Box(0, 0, 2, 2)),
                        new MaskGeometry.Region(3, new Box(3, 1, 2, 2)),
                        new MaskGeometry.Region(1, new Box(4, 0, 1, 1))),
                MaskGeometry.regions(mask));
        assertEquals(new Box(0, 0, 5, 3), MaskGeometry.bounds(mask));
    }

    @Test
    void emptyAndFullMasks() {
        Mask empty = draw("...", "...");
        assertEquals(0, MaskGeometry.share(empty));
        assertEquals(List.of(), MaskGeometry.regions(empty));
        assertThrows(NoSuchElementException.class, () -> MaskGeometry.bounds(empty));
        Mask full = draw("###", "###");
        assertEquals(1, MaskGeometry.share(full));
        assertEquals(List.of(new MaskGeometry.Region(6, new Box(0, 0, 3, 2))), MaskGeometry.regions(full));
        assertEquals(List.of(new MaskGeometry.Region(1, new Box(0, 0, 1, 1))), MaskGeometry.regions(draw("#")));
        assertThrows(IllegalArgumentException.class, () -> MaskGeometry.union(empty, draw("#")));
        assertEquals(
                MaskGeometry.regions(full),
                MaskGeometry.regions(MaskGeometry.union(draw("##.", "#.."), draw("..#", ".##"))));
    }

    /** Naive regions: every pixel takes the least number of itself and its neighbours until nothing changes. */
    private static Map<Integer, List<Integer>> naiveRegions(Mask mask) {
        GridSize grid = mask.grid();
        int[] number = new int[grid.cells()];
        for (int i = 0; i < number.length; i++) {
            number[i] = i;
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int a = 0; a < number.length; a++) {
                for (int b = 0; b < number.length; b++) {
                    int rows = Math.abs(a / grid.width() - b / grid.width());
                    int columns = Math.abs(a % grid.width() - b % grid.width());
                    if (in(mask, a) && in(mask, b) && rows + columns == 1 && number[b] < number[a]) {
                        number[a] = number[b];
                        changed = true;
                    }
                }
            }
        }
        Map<Integer, List<Integer>> regions = new TreeMap<>();
        for (int i = 0; i < number.length; i++) {
            if (in(mask, i)) {
                regions.computeIfAbsent(number[i], n -> new ArrayList<>()).add(i);
            }
        }
        return regions;
    }

    private static boolean in(Mask mask, int pixel) {
        return mask.bits().get(pixel);
    }

    @Test
    void regionsEqualTheNaiveOnesOnRandomMasks() {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            GridSize grid = new GridSize(1 + random.nextInt(8), 1 + random.nextInt(8));
            BitSet pixels = new BitSet();
            for (int i = 0; i < grid.cells(); i++) {
                pixels.set(i, random.nextInt(10) < round % 11);
            }
            Mask mask = Mask.of(grid, pixels);
            List<MaskGeometry.Region> expected = new ArrayList<>();
            for (List<Integer> region : naiveRegions(mask).values()) {
                int width = grid.width();
                int left = region.stream().mapToInt(i -> i % width).min().orElseThrow();
                int right = region.stream().mapToInt(i -> i % width).max().orElseThrow();
                int top = region.get(0) / width;
                int bottom = region.get(region.size() - 1) / width;
                expected.add(
                        new MaskGeometry.Region(region.size(), new Box(left, top, right - left + 1, bottom - top + 1)));
            }
            expected.sort((a, b) -> Integer.compare(b.size(), a.size()));
            assertEquals(expected, MaskGeometry.regions(mask));
        }
    }

    @Test
    void boxesGrowToWholePixels() {
        GridSize grid = new GridSize(4, 4);
        assertEquals(new Box(1, 2, 2, 1), new Box(1, 2, 2, 1).scaled(grid, grid));
        assertEquals(new Box(2, 4, 4, 2), new Box(1, 2, 2, 1).scaled(grid, new GridSize(8, 8)));
        // columns 1.5 to 4.5 of 6, rows 1 to 1.5 of 2
        assertEquals(new Box(1, 1, 4, 1), new Box(1, 2, 2, 1).scaled(grid, new GridSize(2, 6)));
        assertEquals(
                new Box(0, 0, 16384, 16384),
                new Box(0, 0, 16384, 16384).scaled(new GridSize(16384, 16384), new GridSize(16384, 16384)));
    }
}
