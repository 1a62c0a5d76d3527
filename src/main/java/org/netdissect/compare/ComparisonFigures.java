package org.netdissect.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.FileNames;
import org.netdissect.base.Tail;
import org.netdissect.report.chart.CategoryColors;
import org.netdissect.report.chart.CategoryLines;
import org.netdissect.report.chart.Chart;
import org.netdissect.report.chart.ChartCounts;
import org.netdissect.report.chart.NetworkBars;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;

/** Unique detectors by category, over the layers of each run and across runs: figures 5 and 7 of Bau et al. 2017. */
final class ComparisonFigures {
    private static final String DEPTH = "depth-";

    private static final String NETWORKS = "networks";
    private static final int MOST_NETWORKS = 200;
    private static final int LONGEST_NAME = 100;

    private ComparisonFigures() {}

    /** Whether a file has the name of a figure of any comparison. */
    static boolean isFigure(String file) {
        boolean named = file.startsWith(DEPTH) || file.startsWith(NETWORKS + ".");
        return named && file.indexOf('/') < 0 && (file.endsWith(".svg") || file.endsWith(".png"));
    }

    /** The figures, with the one across runs first. */
    static List<Chart> of(ComparisonResult comparison) {
        List<CountRow> rows = comparison.counts(comparison.rule());
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.categories().keySet()));
        List<String> categories = List.copyOf(names);
        List<Chart> figures = new ArrayList<>();
        if (comparison.runs().size() > 1) {
            figures.add(networks(comparison, categories));
        }
        Set<String> files = new LinkedHashSet<>();
        for (ComparedRun run : comparison.runs()) {
            if (run.layers().size() > 1) {
                figures.add(depth(comparison, run, categories, files));
            }
        }
        return figures;
    }

    /** Every network by its last layer, as in the paper's figure. */
    private static Chart networks(ComparisonResult comparison, List<String> categories) {
        List<ChartCounts> bars = new ArrayList<>();
        for (ComparedRun run : comparison
                .runs()
                .subList(0, Math.min(MOST_NETWORKS, comparison.runs().size()))) {
            ComparedLayer last = last(run);
            CountRow row = CountRow.of(run.name(), last.name(), last.table(), run.iou(), comparison.rule());
            bars.add(counts((run.name() + " " + last.name()).strip(), row, categories));
        }
        String title = "Unique detectors by category (rule " + comparison.rule() + "), the last layer of each run"
                + (bars.size() < comparison.runs().size() ? "; the first " + MOST_NETWORKS + " runs" : "") + ".";
        return NetworkBars.chart(NETWORKS, title, categories, bars, new CategoryColors(categories));
    }

    /** The last layer of the upper tail, or of the lower one where a run has no other. */
    private static ComparedLayer last(ComparedRun run) {
        List<ComparedLayer> upper = run.layers().stream()
                .filter(layer -> layer.table().tail() == Tail.UPPER)
                .toList();
        List<ComparedLayer> layers = upper.isEmpty() ? run.layers() : upper;
        return layers.get(layers.size() - 1);
    }

    /** The layers of one run. {@code palette} has the categories of all runs, so that colours agree between figures. */
    private static Chart depth(ComparisonResult comparison, ComparedRun run, List<String> palette, Set<String> files) {
        Set<String> names = new LinkedHashSet<>();
        run.layers().forEach(layer -> names.addAll(layer.table().categories()));
        List<String> categories = List.copyOf(names);
        List<ChartCounts> columns = new ArrayList<>();
        for (ComparedLayer layer : run.layers()) {
            CountRow row = CountRow.of(run.name(), layer.name(), layer.table(), run.iou(), comparison.rule());
            columns.add(counts(layer.name(), row, categories));
        }
        String file = DEPTH + FileNames.of(run.name());
        if (file.length() > LONGEST_NAME || !files.add(file)) {
            file = DEPTH + (comparison.runs().indexOf(run) + 1);
            files.add(file);
        }
        String title =
                "Unique detectors by category over the layers of " + run.name() + " (rule " + comparison.rule() + ").";
        return CategoryLines.chart(file, title, categories, columns, new CategoryColors(palette));
    }

    private static ChartCounts counts(String name, CountRow row, List<String> categories) {
        List<Integer> unique = new ArrayList<>();
        for (String category : categories) {
            CountRow.@Nullable Count count = row.categories().get(category);
            unique.add(count == null ? 0 : count.unique());
        }
        return new ChartCounts(name, unique);
    }
}
