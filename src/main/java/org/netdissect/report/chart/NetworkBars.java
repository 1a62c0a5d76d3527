package org.netdissect.report.chart;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StackedBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;
import org.netdissect.base.Printable;

/** Unique detectors by category, one stacked bar for each network: figure 7 of Bau et al. 2017. */
public final class NetworkBars {
    private static final double PITCH = 15;
    private static final double FRAME_HEIGHT = 56;
    private static final double GAP = 0.3;
    private static final int LONGEST_LABEL = 40;
    /** Greatest length of a name that leaves room for bars in a column's width. */
    private static final int LONGEST_IN_COLUMN = 20;

    private NetworkBars() {}

    /** A chart of these networks, in their order from the top. */
    public static Chart chart(
            String name, String title, List<String> categories, List<ChartCounts> networks, CategoryColors colors) {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        StackedBarRenderer renderer = new StackedBarRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setDrawBarOutline(false);
        List<ChartStyle.Entry> legend = new ArrayList<>();
        int most = 0;
        for (int category = 0; category < categories.size(); category++) {
            String color = colors.of(categories.get(category));
            renderer.setSeriesPaint(category, Color.decode(color));
            legend.add(new ChartStyle.Entry(Printable.of(categories.get(category)), color));
        }
        for (int position = 0; position < networks.size(); position++) {
            List<Integer> unique = networks.get(position).unique();
            most = Math.max(most, unique.stream().mapToInt(Integer::intValue).sum());
            for (int category = 0; category < categories.size(); category++) {
                data.addValue(unique.get(category), categories.get(category), key(position, networks.get(position)));
            }
        }
        CategoryAxis axis = new CategoryAxis();
        ChartStyle.style(axis, "run");
        axis.setCategoryMargin(GAP);
        axis.setLowerMargin(0.01);
        axis.setUpperMargin(0.01);
        axis.setTickMarksVisible(false);
        axis.setMaximumCategoryLabelWidthRatio(1f);
        CategoryPlot plot = new CategoryPlot(data, axis, ChartStyle.counts("unique detectors", most), renderer);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.setRangeGridlinePaint(ChartStyle.GRID);
        plot.setRangeGridlineStroke(ChartStyle.THIN);
        JFreeChart chart = ChartStyle.chart(plot);
        ChartStyle.legend(chart, legend);
        int longest = networks.stream()
                .mapToInt(network -> network.name().length())
                .max()
                .orElse(0);
        double width = longest <= LONGEST_IN_COLUMN ? ChartStyle.COLUMN : ChartStyle.PAGE;
        return new Chart(name, title, width, FRAME_HEIGHT + networks.size() * PITCH, chart::draw);
    }

    private static ChartKey key(int position, ChartCounts counts) {
        return new ChartKey(position, Printable.brief(Printable.of(counts.name()), LONGEST_LABEL));
    }
}
