package org.netdissect.report;

import java.util.List;
import org.netdissect.base.Workers;

/**
 * Makes Java load what charts are drawn with, its fonts above all, while the stages before the report leave a processor
 * idle: half a second, of which a chart itself takes a fifth.
 */
public final class ChartWarmUp {
    private static final String CATEGORY = "object";

    private ChartWarmUp() {}

    /** Starts a thread that draws charts for nobody. The program ends without waiting for it. */
    public static void start() {
        Workers.daemons("netdissect-charts").newThread(ChartWarmUp::draw).start();
    }

    private static void draw() {
        if (ChartFiles.obstacle().isPresent()) {
            // which the report will say
            return;
        }
        CategoryColors colors = new CategoryColors(List.of(CATEGORY));
        List<ConceptBars.Bar> bars = List.of(new ConceptBars.Bar("concept", CATEGORY, 1));
        List<IouHistogram.Value> values = List.of(new IouHistogram.Value(0.1, CATEGORY));
        for (Chart chart : List.of(
                ConceptBars.chart("bars", "", bars, colors), IouHistogram.chart("scores", "", values, 0.04, colors))) {
            SvgDrawing.draw(chart);
            chart.png();
        }
    }
}
