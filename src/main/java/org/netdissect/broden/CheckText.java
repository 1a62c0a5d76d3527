package org.netdissect.broden;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.table.TextTable;

/** The check of a probe set as text. */
public final class CheckText {
    private static final int UNUSED_SHOWN = 5;

    private CheckText() {}

    /** Faults and warnings, images and splits, a table of the categories, and labels that never occur. */
    public static String of(CheckReport report) {
        StringBuilder text = new StringBuilder();
        report.faults().forEach(fault -> text.append(fault).append('\n'));
        report.warnings().forEach(warning -> text.append("warning: " + warning + "\n"));
        return text + contents(report.contents()) + "\n";
    }

    private static String contents(Contents contents) {
        List<String> splits = new ArrayList<>();
        contents.imagesPerSplit().forEach((split, images) -> splits.add(split + " " + images));
        TextTable table = new TextTable(1, List.of("category", "images", "labels", "planes", "labelled pixels"));
        for (Contents.PerCategory category : contents.categories()) {
            table.add(List.of(
                    category.name(),
                    Integer.toString(category.images()),
                    Integer.toString(category.labels()),
                    Integer.toString(category.planes()),
                    Long.toString(category.labelledPixels())));
        }
        return contents.images() + " images (" + String.join(", ", splits) + "), " + contents.imagesWithoutLabels()
                + " without labels\n" + table + unused(contents.unusedLabels());
    }

    private static String unused(List<Contents.UnusedLabel> labels) {
        if (labels.isEmpty()) {
            return "";
        }
        List<String> names = new ArrayList<>();
        labels.stream().limit(UNUSED_SHOWN).forEach(label -> names.add(label.name()));
        return labels.size() + " labels of label.csv occur in no image: " + String.join(", ", names)
                + (labels.size() > UNUSED_SHOWN ? ", ..." : "") + "\n";
    }
}
