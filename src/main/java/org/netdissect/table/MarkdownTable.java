package org.netdissect.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.netdissect.base.Printable;

/** A table in GitHub's Markdown: the first given columns flush left, the others flush right. */
public final class MarkdownTable {
    private static final String SPECIAL = "\\|<>&`*[]";

    private final StringBuilder text = new StringBuilder();

    public MarkdownTable(int leftColumns, List<String> header) {
        add(header);
        List<String> rule = new ArrayList<>(Collections.nCopies(header.size(), "---:"));
        Collections.fill(rule.subList(0, leftColumns), "---");
        text.append("|").append(String.join("|", rule)).append("|\n");
    }

    /** Adds a row of as many cells as the header has. */
    public void add(List<String> row) {
        text.append("| ")
                .append(String.join(
                        " | ", row.stream().map(MarkdownTable::plain).toList()))
                .append(" |\n");
    }

    /** Escapes characters of Markdown, HTML and cell borders with backslashes. */
    public static String plain(String cell) {
        StringBuilder plain = new StringBuilder();
        Printable.of(cell)
                .codePoints()
                .forEach(c -> plain.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").appendCodePoint(c));
        return plain.toString();
    }

    /** The lines of the table, each ended by a newline. */
    @Override
    public String toString() {
        return text.toString();
    }
}
