package org.netdissect.result;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.UnitScores;
import org.netdissect.labels.Category;
import org.netdissect.table.CsvText;

/**
 * {@code detectors.csv}: one row per unit, by falling score, then unit. The columns are those of the published {@code
 * *-result.csv}, then {@code channel} (0-based) and {@code threshold}; in a run of the lower tail, then {@code tail}
 * and {@code tied} (1 for a unit of the lower tail without masks, else 0).
 */
public final class DetectorTable {
    private DetectorTable() {}

    /** The whole file. Labels have their names of label.csv; numbers keep all their digits. */
    public static String csv(LayerReport report) {
        return csv(report, false);
    }

    /** The whole file, with the columns {@code tail} and {@code tied} if {@code hasTail}. */
    public static String csv(LayerReport report, boolean hasTail) {
        List<String> header = header(report.categories());
        if (hasTail) {
            header.add("tail");
            header.add("tied");
        }
        CsvText table = new CsvText(header);
        for (UnitScores unit : report.scores().units()) {
            List<Object> row = row(report, unit);
            if (hasTail) {
                row.add(report.tail().toString());
                row.add(report.tied().contains(unit.unit()) ? 1 : 0);
            }
            table.add(row);
        }
        return table.toString();
    }

    private static List<String> header(List<Category> categories) {
        List<String> header = new ArrayList<>(List.of("unit", "category", "label", "score"));
        for (Category category : categories) {
            for (String column : List.of("label", "truth", "activation", "intersect", "iou")) {
                header.add(category.name() + "-" + column);
            }
        }
        header.add("channel");
        header.add("threshold");
        return header;
    }

    private static List<Object> row(LayerReport report, UnitScores unit) {
        ConceptScore best = unit.best();
        List<Object> row = new ArrayList<>();
        row.add(unit.unit() + 1);
        row.add(
                unit.category() < 0
                        ? ""
                        : report.categories().get(unit.category()).name());
        row.add(name(report, best));
        row.add(best.iou());
        for (ConceptScore score : unit.categories()) {
            row.add(name(report, score));
            row.add(score.truth());
            row.add(score.activation());
            row.add(score.intersect());
            row.add(score.iou());
        }
        row.add(unit.unit());
        row.add((double) unit.threshold());
        return row;
    }

    private static String name(LayerReport report, ConceptScore score) {
        return score.label() == 0 ? "" : report.labels().name(score.label());
    }
}
