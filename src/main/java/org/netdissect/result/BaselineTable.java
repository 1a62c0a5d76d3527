package org.netdissect.result;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.UnitScores;
import org.netdissect.baseline.LayerBaseline;
import org.netdissect.baseline.UnitBaseline;
import org.netdissect.table.CsvText;

/**
 * The file {@code chance.csv}: interval and p-value of each unit's score, one row per unit in the order of {@code
 * detectors.csv}. A unit without a label has no interval, p or q; the quick form has no intervals; the columns of the
 * baseline are empty if no image could be permuted.
 */
public final class BaselineTable {
    private static final List<String> HEADER =
            List.of("unit", "category", "label", "score", "lower", "upper", "p", "q", "chance-mean", "chance-95");

    private BaselineTable() {}

    /** The whole file; numbers are written so that reading gives them back. */
    public static String csv(LayerReport report, LayerBaseline chance) {
        CsvText table = new CsvText(HEADER);
        for (int i = 0; i < chance.units().size(); i++) {
            table.add(row(report, report.scores().units().get(i), chance.units().get(i)));
        }
        return table.toString();
    }

    private static List<@Nullable Object> row(LayerReport report, UnitScores unit, UnitBaseline chance) {
        boolean labelled = unit.category() >= 0;
        List<@Nullable Object> row = new ArrayList<>();
        row.add(unit.unit() + 1);
        row.add(labelled ? report.categories().get(unit.category()).name() : "");
        row.add(labelled ? report.labels().name(unit.best().label()) : "");
        row.add(unit.best().iou());
        row.add(chance.lower());
        row.add(chance.upper());
        row.add(chance.p());
        row.add(chance.q());
        row.add(chance.mean());
        row.add(chance.chance95());
        return row;
    }
}
