package org.netdissect.broden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/**
 * All tables of a probe set, as far as they could be read.
 *
 * @param categories null where category.csv gives none
 * @param labels null where label.csv gives none
 * @param images the sound rows of index.csv
 */
record ProbeTables(
        @Nullable List<Category> categories, @Nullable LabelTable labels, List<ProbeImage> images) {

    static ProbeTables read(Path folder, FaultSink sink) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException("probe set " + folder
                    + ": no such folder, expected one with index.csv, category.csv, label.csv and images/");
        }
        List<Category> categories = CategoryReader.read(folder, sink);
        LabelTable labels = LabelTableReader.read(folder, categories == null ? List.of() : categories, sink);
        List<ProbeImage> images = IndexReader.read(folder, categories, labels, sink);
        if (categories != null && !images.isEmpty() && images.stream().noneMatch(ProbeImage::mayHaveLabels)) {
            sink.broken(new Fault(IndexReader.FILE, 0, "", "no image has a label in any category"));
        }
        return new ProbeTables(categories, labels, images);
    }
}
