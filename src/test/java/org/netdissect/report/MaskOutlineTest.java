package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.geom.Path2D;
import java.util.BitSet;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;

class MaskOutlineTest {
    private static final Pattern COMMAND = Pattern.compile("M(\\d+) (\\d+)|([hv])(-?\\d+)|z");

    private static Mask draw(String... rows) {
        GridSize grid = new GridSize(rows.length, rows[0].length());
        BitSet pixels = new BitSet();
        for (int i = 0; i < grid.cells(); i++) {
            pixels.set(i, rows[i / grid.width()].charAt(i % grid.width()) == '#');
        }
        return new Mask(grid, pixels);
    }

    @Test
    void loopsByHand() {
        assertEquals("", MaskOutline.path(draw("..", "..")));
        assertEquals("M0 0h1v1h-1z", MaskOutline.path(draw("#")));
        assertEquals("M1 0h2v1h-1v1h-1z", MaskOutline.path(draw(".##", ".#.")));
        // pixels that touch at a corner are two loops
        assertEquals("M0 0h1v1h-1zM1 1h1v1h-1z", MaskOutline.path(draw("#.", ".#")));
        assertEquals("M1 0h1v1h-1zM0 1h1v1h-1z", MaskOutline.path(draw(".#", "#.")));
        // a hole is walked the other way round, so that both fill rules leave it out
        assertEquals("M0 0h3v3h-3zM1 1v1h1v-1z", MaskOutline.path(draw("###", "#.#", "###")));
    }

    /** A parser of its own, and Java's geometry to say what is inside. */
    private static Path2D parse(String path, int rule) {
        Path2D shape = new Path2D.Double(rule);
        Matcher commands = COMMAND.matcher(path);
        double x = 0;
        double y = 0;
        int read = 0;
        while (commands.find()) {
            assertEquals(read, commands.start(), path);
            read = commands.end();
            if (commands.group(1) != null) {
                x = Double.parseDouble(commands.group(1));
                y = Double.parseDouble(commands.group(2));
                shape.moveTo(x, y);
            } else if (commands.group(3) != null) {
                double step = Double.parseDouble(commands.group(4));
                x += commands.group(3).equals("h") ? step : 0;
                y += commands.group(3).equals("v") ? step : 0;
                shape.lineTo(x, y);
            } else {
                shape.closePath();
            }
        }
        assertEquals(path.length(), read, path);
        return shape;
    }

    @Test
    void bothFillRulesGiveTheMaskBack() {
        Random random = new Random(6);
        for (int round = 0; round < 300; round++) {
            GridSize grid = new GridSize(1 + random.nextInt(9), 1 + random.nextInt(9));
            BitSet pixels = new BitSet();
            for (int i = 0; i < grid.cells(); i++) {
                pixels.set(i, random.nextInt(10) < round % 11);
            }
            Mask mask = new Mask(grid, pixels);
            String path = MaskOutline.path(mask);
            for (int rule : new int[] {Path2D.WIND_EVEN_ODD, Path2D.WIND_NON_ZERO}) {
                Path2D shape = parse(path, rule);
                for (int i = 0; i < grid.cells(); i++) {
                    int row = i / grid.width();
                    int column = i % grid.width();
                    assertEquals(mask.contains(row, column), shape.contains(column + 0.5, row + 0.5), path);
                }
            }
        }
    }
}
