package org.netdissect.torchscript.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FieldAxisTest {
    /** Input pixels that each cell sees, [cells], also those outside the input. */
    private static List<NavigableSet<Long>> windows(List<NavigableSet<Long>> units, Window window, FieldAxis axis) {
        List<NavigableSet<Long>> seen = new ArrayList<>();
        long last = units.size() + window.after() - window.reach();
        for (long at = -window.before(); at <= last || overhangs(window, at, units.size()); at += window.stride()) {
            NavigableSet<Long> pixels = new TreeSet<>();
            for (long tap = 0; tap < window.kernel(); tap++) {
                long cell = at + tap * window.dilation();
                if (cell >= 0 && cell < units.size()) {
                    pixels.addAll(units.get((int) cell));
                } else {
                    // pixels that a cell there would see
                    pixels.add(axis.start() + cell * axis.stride());
                    pixels.add(axis.start() + cell * axis.stride() + axis.size() - 1);
                }
            }
            seen.add(pixels);
        }
        return seen;
    }

    /** Whether ceil_mode keeps a window that ends outside: it begins on the map or in the padding before it. */
    private static boolean overhangs(Window window, long at, int cells) {
        long before = at - window.stride();
        boolean lastFitted = before + window.reach() < cells + window.after();
        return window.ceil() && lastFitted && at < cells;
    }

    @Test
    void equalsSetsOfPixelsForRandomWindows() {
        Random random = new Random(7);
        int compared = 0;
        for (int round = 0; round < 500; round++) {
            int pixels = 20 + random.nextInt(60);
            List<NavigableSet<Long>> units = new ArrayList<>();
            for (long pixel = 0; pixel < pixels; pixel++) {
                units.add(new TreeSet<>(List.of(pixel)));
            }
            Dim dim = Dim.along(Axis.Side.ROWS, pixels, FieldAxis.PIXELS);
            for (int layer = 0; layer < 4; layer++) {
                int kernel = 1 + random.nextInt(4);
                int padding = random.nextInt(kernel / 2 + 1);
                Window window = new Window(
                        kernel, 1 + random.nextInt(3), padding, padding, 1 + random.nextInt(2), random.nextBoolean());
                if (window.reach() > units.size()) {
                    break;
                }
                units = windows(
                        units, window, dim.places().orElseThrow().field().orElseThrow());
                dim = dim.under(window);
                assertEquals(units.size(), dim.extent(), window.toString());
                FieldAxis axis = dim.places().orElseThrow().field().orElseThrow();
                for (int unit = 0; unit < units.size(); unit++) {
                    long first = axis.start() + unit * axis.stride();
                    assertEquals(first, units.get(unit).first(), window.toString());
                    assertEquals(first + axis.size() - 1, units.get(unit).last(), window.toString());
                    compared++;
                }
            }
        }
        assertTrue(compared > 10_000, compared + " units");
    }
}
