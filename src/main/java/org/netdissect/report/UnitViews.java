package org.netdissect.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.Mask;
import org.netdissect.align.TopImages;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tail;
import org.netdissect.base.Workers;
import org.netdissect.baseline.UnitBaseline;
import org.netdissect.report.chart.CategoryColors;
import org.netdissect.result.BaselineText;
import org.netdissect.result.LayerFindings;
import org.netdissect.result.LayerReport;

/** The units of a layer for a page, and the outlines of their concepts on the images shown. */
final class UnitViews {
    private final LayerFindings findings;
    private final LayerReport report;
    private final ShownImages images;
    private final ShownVisualizations.Layer made;
    private final CategoryColors colors;
    private final String imageFolder;
    private final Map<Integer, UnitBaseline> baselines = new HashMap<>();
    private final Map<String, String> conceptPaths = new ConcurrentHashMap<>();

    /** Views for a page; {@code imageFolder} is the address of the images' folder from that page. */
    UnitViews(
            LayerFindings findings,
            ShownImages images,
            ShownVisualizations.Layer made,
            CategoryColors colors,
            String imageFolder) {
        this.findings = findings;
        this.report = findings.report();
        this.images = images;
        this.made = made;
        this.colors = colors;
        this.imageFolder = imageFolder;
        if (report.baseline() != null) {
            report.baseline().units().forEach(unit -> baselines.put(unit.unit(), unit));
        }
    }

    /** All units, by falling score. */
    List<UnitView> views(int threads) throws IOException {
        List<UnitScores> units = report.scores().units();
        UnitView[] views = new UnitView[units.size()];
        Workers.run(threads, views.length, place -> views[place] = view(units.get(place)));
        return List.of(views);
    }

    /** Outlines by {@code IMAGE-LABEL}; complete when all views are made. */
    SortedMap<String, String> conceptPaths() {
        return new TreeMap<>(conceptPaths);
    }

    private UnitView view(UnitScores unit) {
        ConceptScore best = unit.best();
        String category = unit.category() < 0
                ? ""
                : report.categories().get(unit.category()).name();
        String label = best.label() == 0 ? "" : report.labels().displayName(best.label());
        return new UnitView(
                unit.unit() + 1,
                label,
                best.label(),
                category,
                colors.of(category),
                best.iou() > report.iouThreshold(),
                best.iou(),
                decimal(best.iou()),
                ratio(best.intersect(), best.activation()),
                ratio(best.intersect(), best.truth()),
                String.format(Locale.ROOT, "%.4g", unit.threshold()),
                baseline(unit.unit()),
                runnersUp(unit.unit(), best.label()),
                made.of(unit.unit(), label),
                rows(unit.unit(), best.label()));
    }

    private List<UnitView.Row> rows(int unit, int label) {
        List<UnitView.Tile> most = findings.top().of(unit).stream()
                .map(entry -> tile(entry, label, path(entry.mask())))
                .toList();
        List<TopImages.Entry> entries = findings.least().of(unit);
        if (entries.isEmpty()) {
            return List.of(new UnitView.Row("", "", most));
        }
        List<UnitView.Tile> least = entries.stream()
                .map(entry -> tile(entry, label, entry.mask().size() == 0 ? "" : path(entry.mask())))
                .toList();
        UnitView.Row row = new UnitView.Row(Wording.leastImages(report.tail()), tied(unit, entries), least);
        return most.isEmpty()
                ? List.of(row)
                : List.of(new UnitView.Row(Wording.mostImages(report.tail()), "", most), row);
    }

    /** A note on images of the last one's activation that are not shown, as behind a ReLU. */
    private String tied(int unit, List<TopImages.Entry> entries) {
        TopImages.Entry last = entries.get(entries.size() - 1);
        int tied = findings.least().tied(unit);
        long shown = entries.stream()
                .filter(entry -> entry.activation() == last.activation())
                .count();
        return shown == tied ? "" : Wording.tied(activation(last), tied, shown);
    }

    private String baseline(int unit) {
        UnitBaseline found = baselines.get(unit);
        return found == null ? "" : BaselineText.unit(found);
    }

    private List<UnitView.RunnerUp> runnersUp(int unit, int label) {
        List<UnitView.RunnerUp> runnersUp = new ArrayList<>();
        for (ConceptScore score : findings.rankings().get(unit)) {
            if (score.label() != label) {
                int category = report.labels().primaryCategory(score.label());
                runnersUp.add(new UnitView.RunnerUp(
                        report.labels().displayName(score.label()),
                        colors.of(report.categories().get(category).name()),
                        decimal(score.iou())));
            }
        }
        return runnersUp;
    }

    private UnitView.Tile tile(TopImages.Entry entry, int label, String path) {
        GridSize grid = entry.mask().grid();
        GridSize size = images.fileSize(entry.image());
        @Nullable Mask concept = label == 0 ? null : images.concept(entry.image(), label);
        if (concept != null) {
            conceptPaths.computeIfAbsent(entry.image() + "-" + label, key -> MaskPath.of(concept));
        }
        return new UnitView.Tile(
                entry.image(),
                imageFolder + ShownImages.fileName(entry.image()),
                images.name(entry.image()) + String.format(Locale.ROOT, ", activation %.4g", activation(entry)),
                size.width(),
                size.height(),
                "0 0 " + grid.width() + " " + grid.height(),
                path,
                percent(entry.mask().size(), grid.cells()),
                concept == null || !concept.grid().equals(grid) ? "" : overlap(entry.mask(), concept));
    }

    /** The activation with its sign in the layer; the lower tail has negated ones. */
    private float activation(TopImages.Entry entry) {
        return report.tail() == Tail.UPPER ? entry.activation() : 0f - entry.activation();
    }

    private static String path(Mask mask) {
        return frame(mask.grid()) + MaskPath.of(mask);
    }

    /** A rectangle outside the visible grid. */
    private static String frame(GridSize grid) {
        return "M-9-9v" + (grid.height() + 18) + "h" + (grid.width() + 18) + "v-" + (grid.height() + 18) + "z";
    }

    private static String overlap(Mask mask, Mask concept) {
        int both = mask.intersect(concept);
        int union = mask.size() + concept.size() - both;
        return union == 0 ? "" : decimal((double) both / union);
    }

    private static String percent(int part, int whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String ratio(long part, long whole) {
        return whole == 0 ? "\u2013" : decimal((double) part / whole);
    }
}
