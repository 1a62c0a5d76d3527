package org.netdissect.align;

import org.netdissect.base.GridSize;

/**
 * Finds the mask M_k(x) of one map: the label pixels at which the bilinearly resized map is greater than the threshold.
 *
 * <p>A pixel lies between four nodes and its value never passes the greatest of them, so that pixels between nodes that
 * are all at or below the threshold need no arithmetic: with a top fraction of 0.005 those are nearly all. Interpolation
 * is a + w * (b - a) in double precision, columns first: equal nodes give exactly their value. Holds buffers: one per
 * thread.
 */
final class MaskKernel {
    private final GridSize map;
    private final int width;
    private final Axis rows;
    private final Axis columns;
    private final Axis.Span[] rowSpans;
    private final Axis.Span[] columnSpans;
    private final int[] pixels;

    MaskKernel(GridSize map, GridSize labels, Interpolation interpolation) {
        this.map = map;
        this.width = labels.width();
        this.rows = Axis.of(interpolation, map.height(), labels.height());
        this.columns = Axis.of(interpolation, map.width(), labels.width());
        this.rowSpans = rows.spans().toArray(Axis.Span[]::new);
        this.columnSpans = columns.spans().toArray(Axis.Span[]::new);
        this.pixels = new int[labels.cells()];
    }

    /** Label pixels of the last mask, row-major indices in no certain order; only the counted ones are valid. */
    int[] pixels() {
        return pixels;
    }

    /** Finds the pixels of {@code values[map cells]} above the threshold and returns how many there are. */
    int find(float[] values, float threshold) {
        int count = 0;
        if (!anyAbove(values, map.cells(), threshold)) {
            return count;
        }
        for (Axis.Span row : rowSpans) {
            int upper = row.low() * map.width();
            int lower = row.high() * map.width();
            for (Axis.Span column : columnSpans) {
                float a = values[upper + column.low()];
                float b = values[upper + column.high()];
                float c = values[lower + column.low()];
                float d = values[lower + column.high()];
                if (a > threshold || b > threshold || c > threshold || d > threshold) {
                    count = fill(row, column, a, b, c, d, threshold, count);
                }
            }
        }
        return count;
    }

    static boolean anyAbove(float[] values, int cells, float threshold) {
        for (int i = 0; i < cells; i++) {
            if (values[i] > threshold) {
                return true;
            }
        }
        return false;
    }

    private int fill(
            Axis.Span row, Axis.Span column, double a, double b, double c, double d, double threshold, int start) {
        int count = start;
        for (int x = column.from(); x < column.to(); x++) {
            double top = a + columns.weight(x) * (b - a);
            double step = c + columns.weight(x) * (d - c) - top;
            for (int y = row.from(); y < row.to(); y++) {
                if (top + rows.weight(y) * step > threshold) {
                    pixels[count++] = y * width + x;
                }
            }
        }
        return count;
    }
}
