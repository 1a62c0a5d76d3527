package org.netdissect.report.chart;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StackedXYBarRenderer;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultTableXYDataset;
import org.jfree.data.xy.XYSeries;

/** Histogram of the units of a layer by their IoU with their best concept, with the threshold of a detector. */
public final class IouHistogram {
    private static final double HEIGHT = 140;
    private static final double BIN = 0.01;
    private static final double WIDE_BIN = 0.02;
    private static final double WIDE_FROM = 0.4;
    private static final double ROOM_FOR_LABEL = 1.12;

    private IouHistogram() {}

    /** A unit's score and the category of its label, empty without a label. */
    public record Value(double iou, String category) {}

    /** A chart of one layer's units. */
    public static Chart chart(String name, String title, List<Value> values, double threshold, CategoryColors colors) {
        double greatest = values.stream().mapToDouble(Value::iou).max().orElse(0);
        double bin = greatest > WIDE_FROM ? WIDE_BIN : BIN;
        int bins = Math.max(1, (int) Math.ceil(Math.max(greatest, threshold * 1.25) / bin + 1e-9));
        DefaultTableXYDataset data = new DefaultTableXYDataset();
        data.setIntervalWidth(bin);
        StackedXYBarRenderer renderer = new StackedXYBarRenderer(0.08);
        renderer.setBarPainter(new StandardXYBarPainter());
        renderer.setShadowVisible(false);
        renderer.setDrawBarOutline(false);
        List<ChartStyle.Entry> legend = new ArrayList<>();
        int[] totals = new int[bins];
        for (String category :
                colors.present(values.stream().map(Value::category).toList())) {
            int[] counts = new int[bins];
            for (Value value : values) {
                if (value.category().equals(category)) {
                    int at = Math.min(bins - 1, (int) (value.iou() / bin));
                    counts[at]++;
                    totals[at]++;
                }
            }
            XYSeries series = new XYSeries(category, false, false);
            for (int i = 0; i < bins; i++) {
                series.add((i + 0.5) * bin, counts[i]);
            }
            renderer.setSeriesPaint(data.getSeriesCount(), Color.decode(colors.of(category)));
            data.addSeries(series);
            legend.add(new ChartStyle.Entry(category.isEmpty() ? "no label" : category, colors.of(category)));
        }
        NumberAxis iou = new NumberAxis();
        ChartStyle.style(iou, "IoU of the unit's label");
        iou.setRange(0, bins * bin);
        iou.setStandardTickUnits(new NumberTickUnitSource(false));
        int most = Arrays.stream(totals).max().orElse(0);
        XYPlot plot = new XYPlot(data, iou, ChartStyle.counts("units", most * ROOM_FOR_LABEL), renderer);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(ChartStyle.GRID);
        plot.setRangeGridlineStroke(ChartStyle.THIN);
        plot.addDomainMarker(marker(threshold));
        JFreeChart chart = ChartStyle.chart(plot);
        ChartStyle.legend(chart, legend);
        return new Chart(name, title, ChartStyle.COLUMN, HEIGHT, chart::draw);
    }

    private static ValueMarker marker(double threshold) {
        ValueMarker marker = new ValueMarker(threshold, ChartStyle.INK, ChartStyle.DASHED);
        marker.setAlpha(1);
        marker.setLabel(String.format(Locale.ROOT, "detectors: IoU > %s", threshold));
        marker.setLabelFont(ChartStyle.font());
        marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
        marker.setLabelPaint(ChartStyle.INK);
        marker.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
        marker.setLabelTextAnchor(TextAnchor.TOP_LEFT);
        return marker;
    }
}
