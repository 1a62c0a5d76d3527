package org.netdissect.align;

import java.util.ArrayList;
import java.util.List;

/** One axis of a bilinear resize: the two nodes of the map around each label pixel. */
final class ResizeAxis {
    /** [pixels] weight of the upper node, 0 to 1; the lower node has 1 minus it */
    private final double[] weight;
    /** runs of pixels that share their two nodes, in order, covering all pixels */
    private final List<Span> spans;

    private ResizeAxis(double[] weight, List<Span> spans) {
        this.weight = weight;
        this.spans = List.copyOf(spans);
    }

    /**
     * Pixels {@code from} to {@code to - 1}, between nodes {@code low} and {@code high}; both are equal if the map has
     * one node.
     */
    record Span(int low, int high, int from, int to) {}

    static ResizeAxis of(AxisPlacement placement, int nodes, int pixels) {
        double[] weight = new double[pixels];
        List<Span> spans = new ArrayList<>();
        int from = 0;
        int lowNode = 0;
        for (int pixel = 0; pixel < pixels; pixel++) {
            double position = Math.max(0, Math.min(nodes - 1, placement.position(pixel, nodes, pixels)));
            int low = Math.min((int) position, Math.max(nodes - 2, 0));
            weight[pixel] = position - low;
            if (pixel > 0 && low != lowNode) {
                spans.add(span(lowNode, nodes, from, pixel));
                from = pixel;
            }
            lowNode = low;
        }
        spans.add(span(lowNode, nodes, from, pixels));
        return new ResizeAxis(weight, spans);
    }

    double weight(int pixel) {
        return weight[pixel];
    }

    List<Span> spans() {
        return spans;
    }

    private static Span span(int low, int nodes, int from, int to) {
        return new Span(low, Math.min(low + 1, nodes - 1), from, to);
    }
}
