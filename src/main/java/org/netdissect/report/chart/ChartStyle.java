package org.netdissect.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Stroke;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jspecify.annotations.Nullable;

/** The common style of all charts: small text, thin axes and no background, to fit a paper's column. */
final class ChartStyle {
    /** Width of one column of a two-column paper such as CVPR's, 3.25 inches, in points. */
    static final double COLUMN = 234;
    /** Width of both columns. */
    static final double PAGE = 495;

    static final float TEXT_SIZE = 7;
    static final Color INK = Color.BLACK;
    static final Color GRID = new Color(128, 128, 128, 90);
    static final Stroke THIN = new BasicStroke(0.5f);
    static final Stroke LINE = new BasicStroke(1.25f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    static final Stroke DASHED =
            new BasicStroke(0.75f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {3, 2}, 0);

    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, (int) TEXT_SIZE);
    private static final float SWATCH = 6;

    static {
        // keeps rotated text as text; TextLayout, a workaround for old Javas, would draw outlines
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    private ChartStyle() {}

    static Font font() {
        return FONT;
    }

    /** A chart without title and background. */
    static JFreeChart chart(Plot plot) {
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        plot.setNoDataMessageFont(FONT);
        plot.setNoDataMessagePaint(INK);
        JFreeChart chart = new JFreeChart(null, FONT, plot, false);
        chart.setBackgroundPaint(null);
        chart.setPadding(new RectangleInsets(2, 2, 2, 8));
        return chart;
    }

    /** Sets the label of an axis, such as {@code units}, and its style. */
    static void style(Axis axis, @Nullable String label) {
        axis.setLabel(label);
        axis.setLabelFont(FONT);
        axis.setTickLabelFont(FONT);
        axis.setLabelPaint(INK);
        axis.setTickLabelPaint(INK);
        axis.setAxisLinePaint(INK);
        axis.setAxisLineStroke(THIN);
        axis.setTickMarkPaint(INK);
        axis.setTickMarkStroke(THIN);
        axis.setLabelInsets(new RectangleInsets(1, 1, 1, 1));
        axis.setTickLabelInsets(new RectangleInsets(1, 2, 1, 2));
        axis.setTickMarkOutsideLength(2);
    }

    /** An axis of whole numbers from 0 to {@code most} or a little more. */
    static NumberAxis counts(String label, double most) {
        NumberAxis axis = new NumberAxis();
        style(axis, label);
        axis.setStandardTickUnits(new NumberTickUnitSource(true));
        axis.setAutoRange(false);
        double room = Math.max(1, most);
        axis.setRange(0, room * 1.04);
        if (room <= 4) {
            axis.setTickUnit(new NumberTickUnit(1));
        }
        return axis;
    }

    /** One entry of a legend. */
    record Entry(String text, String color) {}

    /** A legend above the plot. */
    static void legend(JFreeChart chart, List<Entry> entries) {
        LegendItemCollection items = new LegendItemCollection();
        for (Entry entry : entries) {
            LegendItem item = new LegendItem(
                    entry.text(),
                    null,
                    null,
                    null,
                    new Rectangle2D.Float(-SWATCH / 2, -SWATCH / 2, SWATCH, SWATCH),
                    Color.decode(entry.color()));
            items.add(item);
        }
        legend(chart, items);
    }

    static void legend(JFreeChart chart, LegendItemCollection items) {
        LegendTitle legend = new LegendTitle(() -> items);
        legend.setItemFont(FONT);
        legend.setItemPaint(INK);
        legend.setBackgroundPaint(null);
        legend.setFrame(BlockBorder.NONE);
        legend.setPosition(RectangleEdge.TOP);
        legend.setHorizontalAlignment(HorizontalAlignment.LEFT);
        legend.setItemLabelPadding(new RectangleInsets(0, 2, 0, 4));
        legend.setMargin(new RectangleInsets(0, 0, 2, 0));
        chart.addSubtitle(legend);
    }
}
