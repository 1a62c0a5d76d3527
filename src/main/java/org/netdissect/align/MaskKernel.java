package org.netdissect.align;

import org.netdissect.base.GridSize;

/**
 * Finds the mask M_k(x) of one map: the label pixels at which the bilinearly resized map is greater than the threshold.
 *
 * <p>A pixel is between four nodes, and its value is at most the greatest of theirs. So pixels between nodes at or
 * below the threshold need no arithmetic; with a top fraction of 0.005 these are nearly all. Interpolation is a + w *
 * (b - a) in double precision, columns first, and equal nodes give exactly their value. A kernel has buffers for one
 * thread.
 */
final class MaskKernel implements MaskPixels {
    private final Comparison comparison;
    private final GridSize map;
    private final GridSize grid;
    private final int width;
    private final ResizeAxis rows;
    private final ResizeAxis columns;
    private final ResizeAxis.Span[] rowSpans;
    private final ResizeAxis.Span[] columnSpans;
    /** [label pixels + 1] every visited pixel is written, then kept or overwritten; so the last is never valid */
    private final int[] pixels;
    /** [label columns] of one row span: value at its upper nodes, and the difference to its lower nodes */
    private final double[] top;

    private final double[] step;
    private int count;
    private double pixelBound;
    private float limit;

    MaskKernel(GridSize map, GridSize labels, NodePlacement placement) {
        this(map, labels, placement, Comparison.ABOVE);
    }

    MaskKernel(GridSize map, GridSize labels, NodePlacement placement, Comparison comparison) {
        this.comparison = comparison;
        this.map = map;
        this.grid = labels;
        this.width = labels.width();
        this.rows = ResizeAxis.of(placement.rows(), map.height(), labels.height());
        this.columns = ResizeAxis.of(placement.columns(), map.width(), labels.width());
        this.rowSpans = rows.spans().toArray(ResizeAxis.Span[]::new);
        this.columnSpans = columns.spans().toArray(ResizeAxis.Span[]::new);
        this.pixels = new int[labels.cells() + 1];
        this.top = new double[labels.width()];
        this.step = new double[labels.width()];
    }

    @Override
    public GridSize grid() {
        return grid;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int[] pixels() {
        return pixels;
    }

    /** Finds the mask's pixels in {@code values[map cells]} and returns their number. */
    int find(float[] values, float threshold) {
        float bound = comparison.bound(threshold);
        pixelBound = comparison.pixelBound(threshold);
        int first = nextAbove(values, 0, map.cells(), bound);
        if (first == map.cells()) {
            limit = bound;
            count = 0;
            return 0;
        }
        limit = Float.POSITIVE_INFINITY;
        int found = 0;
        int firstRow = first / map.width();
        for (ResizeAxis.Span row : rowSpans) {
            if (row.high() >= firstRow) {
                found = find(row, values, bound, found);
            }
        }
        count = found;
        return found;
    }

    /** Upper bound of the last map's values; infinite if the map has a value above the threshold. */
    float limit() {
        return limit;
    }

    private static int nextAbove(float[] values, int from, int to, float threshold) {
        for (int i = from; i < to; i++) {
            if (values[i] > threshold) {
                return i;
            }
        }
        return to;
    }

    /** Finds pixels between two rows of nodes, in runs of neighbouring spans with a node above the threshold. */
    private int find(ResizeAxis.Span row, float[] values, float threshold, int start) {
        int upper = row.low() * map.width();
        int lower = row.high() * map.width();
        if (nextAbove(values, upper, upper + map.width(), threshold) == upper + map.width()
                && nextAbove(values, lower, lower + map.width(), threshold) == lower + map.width()) {
            return start;
        }
        int found = start;
        int from = 0;
        int to = 0;
        for (ResizeAxis.Span column : columnSpans) {
            float a = values[upper + column.low()];
            float b = values[upper + column.high()];
            float c = values[lower + column.low()];
            float d = values[lower + column.high()];
            if (a > threshold || b > threshold || c > threshold || d > threshold) {
                if (from == to) {
                    from = column.from();
                }
                to = column.to();
                interpolate(column, a, b, c, d);
            } else if (from < to) {
                found = compare(row, from, to, pixelBound, found);
                from = to;
            }
        }
        return from < to ? compare(row, from, to, pixelBound, found) : found;
    }

    private void interpolate(ResizeAxis.Span column, double a, double b, double c, double d) {
        for (int x = column.from(); x < column.to(); x++) {
            double weight = columns.weight(x);
            top[x] = a + weight * (b - a);
            step[x] = c + weight * (d - c) - top[x];
        }
    }

    /**
     * Compares row by row, since neighbours mostly share a label, and without a branch, which would often be
     * mispredicted.
     */
    private int compare(ResizeAxis.Span row, int from, int to, double threshold, int start) {
        int found = start;
        for (int y = row.from(); y < row.to(); y++) {
            double weight = rows.weight(y);
            int line = y * width;
            for (int x = from; x < to; x++) {
                pixels[found] = line + x;
                found += top[x] + weight * step[x] > threshold ? 1 : 0;
            }
        }
        return found;
    }
}
