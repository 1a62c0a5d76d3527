package org.netdissect.report.chart;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.DefaultDrawingSupplier;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Printable;
import org.netdissect.result.RotationPoint;

/**
 * Unique detectors of a layer over the rotation of its basis, in all and by category: figure 4 of Bau et al. 2017.
 * Lines connect the means over trials, dots are single trials.
 */
final class RotationLines {
    private static final double HEIGHT = 180;
    private static final double ROOM = 0.03;
    private static final double TICK = 0.2;
    private static final double DOT = 2;
    private static final int DOT_ALPHA = 110;
    private static final double SHAPE = 0.6;

    private final XYSeriesCollection data = new XYSeriesCollection();
    private final XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
    private final Map<BigDecimal, List<RotationPoint>> byAlpha;
    private int most;

    private RotationLines(List<RotationPoint> points) {
        this.byAlpha = RotationCurve.byAlpha(points);
    }

    /** A chart of one layer, with a line for each category that has a detector. */
    static Chart chart(
            String name, String layer, List<String> categories, CountingRule rule, List<RotationPoint> points) {
        CategoryColors colors = new CategoryColors(categories);
        RotationLines lines = new RotationLines(points);
        lines.add(
                "all",
                ChartStyle.INK,
                point -> RotationCurve.counts(point, rule).unique());
        for (String category : categories) {
            lines.add(
                    Printable.of(category),
                    Color.decode(colors.of(category)),
                    point -> RotationCurve.unique(RotationCurve.counts(point, rule), category));
        }
        String title = "Line chart: unique detectors of " + layer + " by the rule " + rule
                + " against the rotation of its basis, in all and by category; means over trials, which are dots.";
        return new Chart(name, title, ChartStyle.COLUMN, HEIGHT, lines.draw()::draw);
    }

    /** A line through means and, behind it, a dot for each trial. */
    private void add(String name, Color color, ToIntFunction<RotationPoint> count) {
        XYSeries means = new XYSeries(name, false);
        XYSeries trials = new XYSeries(name + " by trial", false, true);
        int greatest = 0;
        for (Map.Entry<BigDecimal, List<RotationPoint>> each : byAlpha.entrySet()) {
            double alpha = each.getKey().doubleValue();
            means.add(alpha, each.getValue().stream().mapToInt(count).average().orElseThrow());
            for (RotationPoint point : each.getValue()) {
                greatest = Math.max(greatest, count.applyAsInt(point));
                trials.add(alpha, count.applyAsInt(point));
            }
        }
        if (greatest == 0 && data.getSeriesCount() > 0) {
            return;
        }
        most = Math.max(most, greatest);
        int series = data.getSeriesCount();
        Shape[] shapes = DefaultDrawingSupplier.DEFAULT_SHAPE_SEQUENCE;
        style(series, color, scaled(shapes[series / 2 % shapes.length]), true);
        data.addSeries(means);
        style(
                series + 1,
                new Color(color.getRed(), color.getGreen(), color.getBlue(), DOT_ALPHA),
                new Ellipse2D.Double(-DOT / 2, -DOT / 2, DOT, DOT),
                false);
        data.addSeries(trials);
    }

    private static Shape scaled(Shape shape) {
        return AffineTransform.getScaleInstance(SHAPE, SHAPE).createTransformedShape(shape);
    }

    private void style(int series, Color color, Shape shape, boolean line) {
        renderer.setSeriesPaint(series, color);
        renderer.setSeriesShape(series, shape);
        renderer.setSeriesStroke(series, ChartStyle.LINE);
        renderer.setSeriesLinesVisible(series, line);
    }

    private JFreeChart draw() {
        NumberAxis alpha = new NumberAxis();
        ChartStyle.style(alpha, "rotation \u03b1");
        alpha.setAutoRange(false);
        alpha.setRange(-ROOM, 1 + ROOM);
        alpha.setTickUnit(new NumberTickUnit(TICK));
        XYPlot plot = new XYPlot(data, alpha, ChartStyle.counts("unique detectors", most), renderer);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(ChartStyle.GRID);
        plot.setRangeGridlineStroke(ChartStyle.THIN);
        JFreeChart chart = ChartStyle.chart(plot);
        LegendItemCollection items = new LegendItemCollection();
        for (int means = 0; means < data.getSeriesCount(); means += 2) {
            items.add(renderer.getLegendItem(0, means));
        }
        ChartStyle.legend(chart, items);
        return chart;
    }
}
