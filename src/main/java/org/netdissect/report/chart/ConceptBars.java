package org.netdissect.report.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPosition;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.CategoryLabelWidthType;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.text.TextBlockAnchor;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.netdissect.base.Printable;

/**
 * A bar for each concept with the number of its detectors, by category: the bar graphs of Bau et al. 2017, figure 13.
 * Bars that do not fit into one row continue in the next, on the same scale.
 */
public final class ConceptBars {
    private static final double PITCH = 9.5;
    private static final double PLOT_HEIGHT = 78;
    private static final double AXIS_WIDTH = 30;
    private static final double LEGEND_HEIGHT = 14;
    private static final double LETTER_WIDTH = 4.1;
    private static final double GAP = 0.15;
    private static final double GREATEST_SHARE = 0.08;
    private static final int LONGEST_LABEL = 22;

    private final List<Bar> bars;
    private final List<ChartStyle.Entry> legend;
    private final double labelHeight;
    private final int most;

    /** A concept with the number of its units. */
    public record Bar(String concept, String category, int units) {}

    private ConceptBars(List<Bar> bars, List<ChartStyle.Entry> legend) {
        this.bars = bars;
        this.legend = legend;
        int longest = bars.stream()
                .mapToInt(bar -> brief(bar.concept()).length())
                .max()
                .orElse(0);
        this.labelHeight = longest * LETTER_WIDTH + 6;
        this.most = bars.stream().mapToInt(Bar::units).max().orElse(0);
    }

    /**
     * A chart of these bars, in their order.
     *
     * @param bars at least one, grouped by category
     */
    public static Chart chart(String name, String title, List<Bar> bars, CategoryColors colors) {
        List<ChartStyle.Entry> legend = new ArrayList<>();
        bars.stream().map(Bar::category).distinct().forEach(category -> {
            long concepts =
                    bars.stream().filter(bar -> bar.category().equals(category)).count();
            legend.add(new ChartStyle.Entry(concepts + " " + category, colors.of(category)));
        });
        ConceptBars figure = new ConceptBars(bars, legend);
        int inLine = Math.min(bars.size(), (int) ((ChartStyle.PAGE - AXIS_WIDTH) / PITCH));
        double width = Math.max(ChartStyle.COLUMN, AXIS_WIDTH + inLine * PITCH);
        int lines = (bars.size() + inLine - 1) / inLine;
        double height = LEGEND_HEIGHT + lines * figure.lineHeight();
        return new Chart(name, title, width, height, (graphics, area) -> {
            for (int line = 0; line < lines; line++) {
                int from = line * inLine;
                figure.draw(graphics, area, line, bars.subList(from, Math.min(from + inLine, bars.size())), colors);
            }
        });
    }

    private double lineHeight() {
        return PLOT_HEIGHT + labelHeight;
    }

    private void draw(Graphics2D graphics, Rectangle2D area, int line, List<Bar> part, CategoryColors colors) {
        JFreeChart chart = ChartStyle.chart(plot(part, colors));
        double legendHeight = line == 0 ? LEGEND_HEIGHT : 0;
        if (line == 0) {
            ChartStyle.legend(chart, legend);
        }
        double top = area.getY() + (line == 0 ? 0 : LEGEND_HEIGHT + line * lineHeight());
        double width = Math.min(area.getWidth(), AXIS_WIDTH + part.size() * PITCH);
        if (bars.size() == part.size()) {
            width = area.getWidth();
        }
        chart.draw(graphics, new Rectangle2D.Double(area.getX(), top, width, lineHeight() + legendHeight));
    }

    private CategoryPlot plot(List<Bar> part, CategoryColors colors) {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        for (int i = 0; i < part.size(); i++) {
            data.addValue(
                    part.get(i).units(),
                    "units",
                    new ChartKey(i, brief(part.get(i).concept())));
        }
        CategoryAxis concepts = new CategoryAxis();
        ChartStyle.style(concepts, null);
        concepts.setCategoryMargin(GAP);
        concepts.setLowerMargin(0);
        concepts.setUpperMargin(0);
        concepts.setTickMarksVisible(false);
        concepts.setCategoryLabelPositions(CategoryLabelPositions.replaceBottomPosition(
                CategoryLabelPositions.UP_90,
                new CategoryLabelPosition(
                        RectangleAnchor.TOP,
                        TextBlockAnchor.CENTER_RIGHT,
                        TextAnchor.CENTER_RIGHT,
                        -Math.PI / 2,
                        CategoryLabelWidthType.RANGE,
                        10f)));
        CategoryPlot plot =
                new CategoryPlot(data, concepts, ChartStyle.counts("units", most), new Renderer(part, colors));
        plot.setRangeGridlinePaint(ChartStyle.GRID);
        plot.setRangeGridlineStroke(ChartStyle.THIN);
        AxisSpace left = new AxisSpace();
        left.setLeft(AXIS_WIDTH - 4);
        plot.setFixedRangeAxisSpace(left);
        AxisSpace below = new AxisSpace();
        below.setBottom(labelHeight);
        plot.setFixedDomainAxisSpace(below);
        return plot;
    }

    private static String brief(String concept) {
        return concept.length() <= LONGEST_LABEL
                ? Printable.of(concept)
                : Printable.of(concept.substring(0, LONGEST_LABEL - 1)) + "\u2026";
    }

    /** Bars in their categories' colours. */
    private static final class Renderer extends BarRenderer {
        private static final long serialVersionUID = 1L;

        private final transient List<Bar> bars;
        private final transient CategoryColors colors;

        Renderer(List<Bar> bars, CategoryColors colors) {
            this.bars = bars;
            this.colors = colors;
            setBarPainter(new StandardBarPainter());
            setShadowVisible(false);
            setDrawBarOutline(false);
            setMaximumBarWidth(GREATEST_SHARE);
            setItemMargin(0);
        }

        @Override
        public Paint getItemPaint(int row, int column) {
            return Color.decode(colors.of(bars.get(column).category()));
        }
    }
}
