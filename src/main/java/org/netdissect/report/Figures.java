package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.netdissect.report.chart.CategoryColors;
import org.netdissect.report.chart.CategoryLines;
import org.netdissect.report.chart.Chart;
import org.netdissect.report.chart.ChartCounts;
import org.netdissect.report.chart.ChartFiles;
import org.netdissect.report.chart.NetworkBars;

/** Charts of detector counts, without the types of the chart package. */
public final class Figures {
    private Figures() {}

    /** A chart that is drawn when it is written. */
    public static final class Figure {
        private final Chart chart;

        private Figure(Chart chart) {
            this.chart = chart;
        }

        /** Name of its files, without ending. */
        public String name() {
            return chart.name();
        }

        /** Writes {@code NAME.svg} and {@code NAME.png}. */
        public void write(Path folder) throws IOException {
            ChartFiles.write(folder, chart);
        }

        String title() {
            return chart.title();
        }

        String inlineSvg() {
            return chart.inlineSvg();
        }
    }

    /** The reason why this machine cannot draw charts; empty if it can. */
    public static Optional<String> obstacle() {
        return ChartFiles.obstacle();
    }

    /**
     * Unique detectors by category over the layers of one network, in their order.
     *
     * @param palette the categories of all figures that stand together, so that each has one colour
     */
    public static Figure overDepth(
            String name, String title, List<String> palette, List<String> categories, List<ChartCounts> layers) {
        return new Figure(CategoryLines.chart(name, title, categories, layers, new CategoryColors(palette)));
    }

    /** Unique detectors by category across networks, in their order. */
    public static Figure acrossNetworks(
            String name, String title, List<String> categories, List<ChartCounts> networks) {
        return new Figure(NetworkBars.chart(name, title, categories, networks, new CategoryColors(categories)));
    }
}
