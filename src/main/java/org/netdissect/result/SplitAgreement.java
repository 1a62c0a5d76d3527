package org.netdissect.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ImageParts;
import org.netdissect.align.PartScores;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Printable;
import org.netdissect.table.CsvText;

/**
 * The agreement of detectors between splits.
 *
 * @param images number of images, by split
 * @param pairs every split with every other
 */
public record SplitAgreement(Map<String, Integer> images, List<Pair> pairs) {

    /**
     * The detectors of one split in another.
     *
     * @param from the split in which units are detectors
     * @param to the other split
     * @param detectors of {@code from}
     * @param hold detectors whose label has an IoU above the threshold in {@code to} too
     */
    public record Pair(String from, String to, int detectors, int hold) {}

    /** Counts the detectors that hold. */
    public static SplitAgreement of(ImageParts splits, PartScores scores) {
        Map<String, Integer> images = new LinkedHashMap<>();
        List<Pair> pairs = new ArrayList<>();
        List<String> names = splits.names();
        for (int from = 0; from < names.size(); from++) {
            images.put(names.get(from), splits.images(from));
            for (int to = 0; to < names.size(); to++) {
                if (to != from) {
                    pairs.add(
                            new Pair(names.get(from), names.get(to), scores.detectors(from), scores.holding(from, to)));
                }
            }
        }
        return new SplitAgreement(images, pairs);
    }

    /** A line for each pair. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Pair pair : pairs) {
            text.append(pair.hold())
                    .append(" of ")
                    .append(pair.detectors())
                    .append(" detectors of ")
                    .append(Printable.of(pair.from()))
                    .append(" hold in ")
                    .append(Printable.of(pair.to()))
                    .append('\n');
        }
        return text.toString();
    }

    /**
     * The file {@code splits.csv}: each unit's label, category and score in each split; then for each pair of splits
     * the IoU of the first one's label in the other, and whether its detectors hold there.
     */
    public static String csv(ImageParts splits, PartScores scores, LayerReport report) {
        List<String> names = splits.names();
        List<String> header = new ArrayList<>(List.of("unit"));
        for (String name : names) {
            List.of("label", "category", "score").forEach(column -> header.add(name + "-" + column));
        }
        for (String from : names) {
            for (String to : names) {
                if (!to.equals(from)) {
                    header.add(from + "-in-" + to + "-iou");
                    header.add(from + "-in-" + to);
                }
            }
        }
        CsvText table = new CsvText(header);
        for (int unit = 0; unit < scores.units(); unit++) {
            table.add(row(scores, report, unit));
        }
        return table.toString();
    }

    private static List<@Nullable Object> row(PartScores scores, LayerReport report, int unit) {
        List<@Nullable Object> row = new ArrayList<>();
        row.add(unit + 1);
        for (int part = 0; part < scores.parts(); part++) {
            UnitScores inPart = scores.of(part, unit);
            boolean labelled = inPart.category() >= 0;
            row.add(labelled ? report.labels().name(inPart.best().label()) : "");
            row.add(labelled ? report.categories().get(inPart.category()).name() : "");
            row.add(inPart.best().iou());
        }
        for (int from = 0; from < scores.parts(); from++) {
            for (int to = 0; to < scores.parts(); to++) {
                if (to != from) {
                    row.add(scores.of(from, unit).category() < 0 ? "" : scores.iou(from, to, unit));
                    row.add(holds(scores, from, to, unit));
                }
            }
        }
        return row;
    }

    private static String holds(PartScores scores, int from, int to, int unit) {
        if (!scores.isDetector(from, unit)) {
            return "";
        }
        return scores.holds(from, to, unit) ? "yes" : "no";
    }
}
