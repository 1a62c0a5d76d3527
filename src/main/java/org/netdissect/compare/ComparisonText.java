package org.netdissect.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.netdissect.base.Printable;
import org.netdissect.report.TablePage;
import org.netdissect.report.TablePage.Table;
import org.netdissect.report.chart.Chart;
import org.netdissect.run.ComparedRun;
import org.netdissect.table.TextTable;

/** A comparison as text and as the content of a page. */
final class ComparisonText {
    private static final int MOST_LINES = 20;
    private static final int MOST_ROWS = 1000;

    private ComparisonText() {}

    /** Text for a terminal, with long lists cut; the files have all rows. */
    static String of(ComparisonResult comparison) {
        List<String> parts = new ArrayList<>();
        for (ComparisonTables.Section section : ComparisonTables.of(comparison)) {
            Table table = section.table();
            String caption = table.caption().isEmpty()
                    ? ""
                    : "; " + table.caption().substring(0, 1).toLowerCase(Locale.ROOT)
                            + table.caption().substring(1);
            TextTable text = new TextTable(table.leftColumns(), table.header());
            int shown = section.list()
                    ? Math.min(MOST_LINES, table.rows().size())
                    : table.rows().size();
            table.rows().subList(0, shown).forEach(text::add);
            parts.add(Printable.of(table.heading() + caption) + "\n" + text + more(table, shown, "\n"));
        }
        return String.join("\n", parts);
    }

    private static String more(Table table, int shown, String end) {
        int left = table.rows().size() - shown;
        return left == 0 ? "" : "... and " + left + " more, all in the CSV files" + end;
    }

    /** Content of a page, with the figures. */
    static TablePage page(ComparisonResult comparison, List<Chart> figures) {
        List<Table> tables = new ArrayList<>();
        for (ComparisonTables.Section section : ComparisonTables.of(comparison)) {
            Table table = section.table();
            int shown = Math.min(MOST_ROWS, table.rows().size());
            String more = more(table, shown, "");
            tables.add(new Table(
                    table.heading(),
                    more.isEmpty() ? table.caption() : table.caption() + "; " + more,
                    table.leftColumns(),
                    table.header(),
                    table.rows().subList(0, shown)));
        }
        String runs = String.join(
                ", ", comparison.runs().stream().map(ComparedRun::name).toList());
        return new TablePage("Comparison: " + runs, comparison.notes(), figures, tables);
    }
}
