package org.netdissect.broden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/**
 * Reads all tables, images and label planes of a probe set and lists every fault and warning. Faults stop a dissection,
 * warnings do not. Every row is checked; the files of a row with a wrong size or image name are not opened.
 */
public final class ProbeSetCheck {
    private ProbeSetCheck() {}

    /**
     * Checks a probe set. Memory holds the rows of index.csv, not the images.
     *
     * @param planes encoding of the label planes
     * @param threads number of images read at a time
     * @param progress called with images done and images in all
     */
    public static CheckReport run(Path folder, PlaneEncoding planes, int threads, ProgressListener progress)
            throws IOException {
        CollectedFaults sink = new CollectedFaults();
        ProbeTables tables = ProbeTables.read(folder, sink);
        List<Category> categories = tables.categories() == null ? List.of() : tables.categories();
        LabelTable labels = tables.labels();
        IntPredicate isLabel = labels == null ? number -> true : labels::isLabel;

        List<ProbeImage> images = tables.images();
        ImageCheck check = new ImageCheck(folder, planes, categories, isLabel, sink);
        ContentsTally tally = new ContentsTally(categories);
        AtomicInteger done = new AtomicInteger();
        Workers.run(threads, images.size(), i -> {
            tally.add(check.check(images.get(i)));
            progress.progress(done.incrementAndGet(), images.size());
        });
        reportSizes(images, sink);
        return new CheckReport(sink.faults(), sink.warnings(), tally.contents(images, labels));
    }

    private static void reportSizes(List<ProbeImage> images, FaultSink sink) {
        for (ProbeImage image : images) {
            GridSize first = images.get(0).imageSize();
            if (!image.imageSize().equals(first)) {
                sink.doubtful(new Fault(
                        IndexReader.FILE,
                        image.row(),
                        "image",
                        "image " + image.file() + " is " + image.imageSize() + ", others are " + first
                                + "; dissect needs --input-size H,W and resizes all to it"));
                return;
            }
        }
    }
}
