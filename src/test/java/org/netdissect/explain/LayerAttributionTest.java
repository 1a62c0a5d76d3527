package org.netdissect.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.report.ClassAttribution;

class LayerAttributionTest {
    private static final LayerAttribution TWO_UNITS = new LayerAttribution(
            2, new GridSize(2, 3), new float[] {1, 2, 3, 4, 5, 6, 0, -1, 0, 0, -2, 0}, new float[] {
                1, 0, 0, 0, 0, 2, 9, 1, 1, 1, -1, 1
            });

    @Test
    void sumsByUnitAndPlace() {
        assertArrayEquals(new double[] {13, 1}, TWO_UNITS.byUnit());
        assertArrayEquals(new double[] {1, -1, 0, 0, 2, 12}, TWO_UNITS.byPlace());
        assertEquals(14, TWO_UNITS.sum());
        assertFalse(TWO_UNITS.isNegative(0));
        assertTrue(TWO_UNITS.isNegative(1));
    }

    @Test
    void directionsHaveLengthOneOrZero() {
        assertEquals(new GridSize(2, 2), TWO_UNITS.cells(2));
        float[] whole = TWO_UNITS.directions(new GridSize(2, 3));
        assertArrayEquals(new float[] {1, 0}, new float[] {whole[0], whole[1]});
        assertEquals(5 / Math.sqrt(29), whole[8], 1e-6);
        assertEquals(-2 / Math.sqrt(29), whole[9], 1e-6);
        float[] pooled = TWO_UNITS.directions(new GridSize(1, 2));
        // column 0; columns 1 and 2: sums 2+3+5+6 and -1-2
        assertArrayEquals(new float[] {1, 0}, new float[] {pooled[0], pooled[1]});
        assertEquals(16 / Math.sqrt(256 + 9), pooled[2], 1e-6);
        assertEquals(-3 / Math.sqrt(256 + 9), pooled[3], 1e-6);
        LayerAttribution silent = new LayerAttribution(1, new GridSize(1, 1), new float[1], new float[1]);
        assertArrayEquals(new float[1], silent.directions(new GridSize(1, 1)));
    }

    @Test
    void imagesOfAGridLieWhereTheirCellsDo() {
        int cell = ActivationGrids.CELL.cells() * 3;
        byte[][] images = new byte[6][cell];
        for (int i = 0; i < images.length; i++) {
            java.util.Arrays.fill(images[i], (byte) i);
        }
        ClassAttribution.Picture grid = ActivationGrids.tiled(new GridSize(2, 3), List.of(images));
        assertEquals(new GridSize(128, 192), grid.size());
        for (int y = 0; y < 128; y++) {
            for (int x = 0; x < 192; x++) {
                assertEquals(y / 64 * 3 + x / 64, grid.rgb()[(y * 192 + x) * 3 + 1]);
            }
        }
    }
}
