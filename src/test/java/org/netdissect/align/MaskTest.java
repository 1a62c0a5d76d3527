package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;

class MaskTest {
    /** Rows of text: # where the mask is. */
    static Mask draw(String... rows) {
        GridSize grid = new GridSize(rows.length, rows[0].length());
        BitSet pixels = new BitSet();
        for (int i = 0; i < grid.cells(); i++) {
            pixels.set(i, rows[i / grid.width()].charAt(i % grid.width()) == '#');
        }
        return new Mask(grid, pixels);
    }

    @Test
    void regionsByHand() {
        Mask mask = draw(
                "##..#", //
                ".#.#.", "...##");
        assertEquals(7, mask.size());
        assertEquals(7 / 15.0, mask.share());
        // corners do not join; of the two largest, the upper first
        assertEquals(
                List.of(
                        new Mask.Region(3, new Box(0, 0, 2, 2)),
                        new Mask.Region(3, new Box(3, 1, 2, 2)),
                        new Mask.Region(1, new Box(4, 0, 1, 1))),
                mask.regions());
        assertEquals(new Box(0, 0, 5, 3), mask.bounds());
        assertTrue(mask.contains(0, 4) && mask.contains(2, 3));
        assertFalse(mask.contains(1, 0) || mask.contains(-1, 0) || mask.contains(0, 5) || mask.contains(3, 0));
    }

    @Test
    void emptyAndFullMasks() {
        Mask empty = draw("...", "...");
        assertEquals(0, empty.share());
        assertEquals(List.of(), empty.regions());
        assertThrows(NoSuchElementException.class, empty::bounds);
        Mask full = draw("###", "###");
        assertEquals(1, full.share());
        assertEquals(List.of(new Mask.Region(6, new Box(0, 0, 3, 2))), full.regions());
        assertEquals(List.of(new Mask.Region(1, new Box(0, 0, 1, 1))), draw("#").regions());
        BitSet beyond = new BitSet();
        beyond.set(6);
        assertThrows(IllegalArgumentException.class, () -> new Mask(new GridSize(2, 3), beyond));
    }

    /** Naive regions: every pixel takes the least number among itself and its neighbours until nothing changes. */
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
        return mask.contains(pixel / mask.grid().width(), pixel % mask.grid().width());
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
            Mask mask = new Mask(grid, pixels);
            List<Mask.Region> expected = new ArrayList<>();
            for (List<Integer> region : naiveRegions(mask).values()) {
                int width = grid.width();
                int left = region.stream().mapToInt(i -> i % width).min().orElseThrow();
                int right = region.stream().mapToInt(i -> i % width).max().orElseThrow();
                int top = region.get(0) / width;
                int bottom = region.get(region.size() - 1) / width;
                expected.add(new Mask.Region(region.size(), new Box(left, top, right - left + 1, bottom - top + 1)));
            }
            expected.sort((a, b) -> Integer.compare(b.size(), a.size()));
            assertEquals(expected, mask.regions());
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
