package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Path2D;
import java.util.BitSet;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;

class MaskPathTest {
    private static final Pattern COMMAND = Pattern.compile("([Mm])(-?\\d+) (-?\\d+)|([hv])(-?\\d+)|(z)");

    /** Reads a path by the rules of SVG. */
    private static Path2D parse(String path) {
        Path2D shape = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        Matcher command = COMMAND.matcher(path);
        int end = 0;
        double x = 0;
        double y = 0;
        double startX = 0;
        double startY = 0;
        while (command.find()) {
            assertEquals(end, command.start(), "nothing between commands: " + path);
            end = command.end();
            if (command.group(1) != null) {
                boolean relative = command.group(1).equals("m");
                x = Double.parseDouble(command.group(2)) + (relative ? x : 0);
                y = Double.parseDouble(command.group(3)) + (relative ? y : 0);
                startX = x;
                startY = y;
                shape.moveTo(x, y);
            } else if (command.group(4) != null) {
                double length = Double.parseDouble(command.group(5));
                x += command.group(4).equals("h") ? length : 0;
                y += command.group(4).equals("v") ? length : 0;
                shape.lineTo(x, y);
            } else {
                shape.closePath();
                x = startX;
                y = startY;
            }
        }
        assertEquals(path.length(), end, path);
        return shape;
    }

    private static Mask mask(String... rows) {
        GridSize grid = new GridSize(rows.length, rows[0].length());
        BitSet bits = new BitSet();
        String all = String.join("", rows);
        for (int i = 0; i < all.length(); i++) {
            bits.set(i, all.charAt(i) == '#');
        }
        return Mask.of(grid, bits);
    }

    @Test
    void outlinesByHand() {
        assertEquals("", MaskPath.of(mask("..", "..")));
        assertEquals("M0 0h1v1h-1z", MaskPath.of(mask("#")));
        assertEquals("M1 1h2v1h-2z", MaskPath.of(mask("....", ".##.")));
        assertEquals("M0 0h2v1h-1v1h-1z", MaskPath.of(mask("##", "#.")));
        assertEquals("M0 0h1v1h-1zm1 1h1v1h-1z", MaskPath.of(mask("#.", ".#")), "two pixels that meet at a corner");
        assertEquals("M0 0h3v3h-3zm1 1v1h1v-1z", MaskPath.of(mask("###", "#.#", "###")), "a hole");
    }

    @Test
    void theOutlineHoldsTheMaskAndNothingElse() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            GridSize grid = new GridSize(1 + random.nextInt(9), 1 + random.nextInt(9));
            BitSet bits = new BitSet();
            for (int pixel = 0; pixel < grid.cells(); pixel++) {
                bits.set(pixel, random.nextInt(4) < 1 + round % 3);
            }
            String path = MaskPath.of(Mask.of(grid, bits));
            Path2D shape = parse(path);
            for (int pixel = 0; pixel < grid.cells(); pixel++) {
                double x = pixel % grid.width() + 0.5;
                int row = pixel / grid.width();
                double y = row + 0.5;
                assertEquals(bits.get(pixel), shape.contains(x, y), path);
            }
            assertTrue(bits.isEmpty() == path.isEmpty(), path);
        }
    }
}
