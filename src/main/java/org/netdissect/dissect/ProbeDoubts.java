package org.netdissect.dissect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.netdissect.base.StageListener;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;
import org.netdissect.table.Fault;

/**
 * Doubtful parts of a probe set that a dissection accepts, in the words of {@code netdissect check}. Notes show the
 * first doubt of each column of a table, and the number of further ones.
 */
final class ProbeDoubts implements Consumer<Fault> {
    /** Greatest number of notes: tables of other programs may have doubts in every row and column. */
    private static final int MOST_NOTES = 10;

    private static final String INDEX = "index.csv";

    private final List<Fault> doubts = new ArrayList<>();

    @Override
    public void accept(Fault doubt) {
        doubts.add(doubt);
    }

    /** Reports doubts about tables and about rows in use. */
    void report(ProbeSet probe, StageListener listener) {
        Map<List<String>, List<Fault>> byColumn = new LinkedHashMap<>();
        for (Fault doubt : inUse(probe)) {
            byColumn.computeIfAbsent(List.of(doubt.file(), doubt.column()), column -> new ArrayList<>())
                    .add(doubt);
        }
        String listed = "'netdissect check " + probe.folder() + "' lists them";
        int unlisted = 0;
        int notes = 0;
        for (List<Fault> column : byColumn.values()) {
            if (notes++ < MOST_NOTES) {
                int more = column.size() - 1;
                listener.note("probe set " + probe.folder() + ": " + column.get(0)
                        + (more == 0 ? "" : " (and " + more + " more of this column; " + listed + ")"));
            } else {
                unlisted += column.size();
            }
        }
        if (unlisted > 0) {
            listener.note("probe set " + probe.folder() + ": " + unlisted + " more warnings; " + listed);
        }
    }

    private List<Fault> inUse(ProbeSet probe) {
        Set<Long> rows = new HashSet<>();
        for (ProbeImage image : probe.images()) {
            rows.add((long) image.row());
        }
        // row 1 is the header, whose doubts concern all images
        return doubts.stream()
                .filter(doubt -> !doubt.file().equals(INDEX) || doubt.row() <= 1 || rows.contains(doubt.row()))
                .toList();
    }
}
