package org.netdissect.report.chart;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DefaultDrawingSupplier;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.netdissect.base.Printable;

/** Unique detectors by category over a network's layers: figure 5 of Bau et al. 2017. */
public final class CategoryLines {
    private static final double HEIGHT = 165;
    private static final double PITCH = 34;
    private static final int LONGEST_LABEL = 16;
    /** Letters kept from the start of a long name; its end is kept too, since dotted names differ there. */
    private static final int START = 5;

    /** Greatest number of columns whose names are written horizontally. */
    private static final int MOST_LEVEL = 6;

    private static final double LETTER_WIDTH = 4.1;
    private static final double AXIS_WIDTH = 36;

    private CategoryLines() {}

    /** A chart of these layers, in their order. */
    public static Chart chart(
            String name, String title, List<String> categories, List<ChartCounts> columns, CategoryColors colors) {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        LineAndShapeRenderer renderer = new LineAndShapeRenderer();
        int most = 0;
        for (int category = 0; category < categories.size(); category++) {
            renderer.setSeriesPaint(category, Color.decode(colors.of(categories.get(category))));
            renderer.setSeriesStroke(category, ChartStyle.LINE);
            // for readers who cannot distinguish the colours
            renderer.setSeriesShape(
                    category,
                    AffineTransform.getScaleInstance(0.75, 0.75)
                            .createTransformedShape(
                                    DefaultDrawingSupplier.DEFAULT_SHAPE_SEQUENCE[
                                            category % DefaultDrawingSupplier.DEFAULT_SHAPE_SEQUENCE.length]));
            for (int position = 0; position < columns.size(); position++) {
                int unique = columns.get(position).unique().get(category);
                most = Math.max(most, unique);
                data.addValue(
                        unique,
                        new ChartKey(category, Printable.of(categories.get(category))),
                        new ChartKey(position, brief(columns.get(position).name())));
            }
        }
        CategoryAxis layers = new CategoryAxis();
        ChartStyle.style(layers, "layer");
        layers.setLowerMargin(0.02);
        layers.setUpperMargin(0.02);
        layers.setCategoryMargin(0);
        // the names are short already; the axis must not cut them
        layers.setMaximumCategoryLabelWidthRatio(1);
        double width = Math.max(ChartStyle.COLUMN, Math.min(ChartStyle.PAGE, columns.size() * PITCH));
        int longest = columns.stream()
                .mapToInt(column -> brief(column.name()).length())
                .max()
                .orElse(0);
        if (columns.size() > MOST_LEVEL || longest * LETTER_WIDTH > (width - AXIS_WIDTH) / columns.size()) {
            layers.setCategoryLabelPositions(CategoryLabelPositions.UP_45);
        }
        CategoryPlot plot = new CategoryPlot(data, layers, ChartStyle.counts("unique detectors", most), renderer);
        plot.setRangeGridlinePaint(ChartStyle.GRID);
        plot.setRangeGridlineStroke(ChartStyle.THIN);
        JFreeChart chart = ChartStyle.chart(plot);
        LegendItemCollection items = plot.getLegendItems();
        ChartStyle.legend(chart, items);
        return new Chart(name, title, width, HEIGHT, chart::draw);
    }

    private static String brief(String layer) {
        String name = Printable.of(layer);
        int end = name.length() - (LONGEST_LABEL - START - 1);
        return name.length() <= LONGEST_LABEL ? name : name.substring(0, START) + "\u2026" + name.substring(end);
    }
}
