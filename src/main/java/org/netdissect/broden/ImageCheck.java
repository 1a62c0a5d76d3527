package org.netdissect.broden;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.netdissect.broden.ContentsTally.Share;
import org.netdissect.image.BadRasterException;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.image.Raster;
import org.netdissect.image.Rasters;
import org.netdissect.labels.Category;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/** Reads all files of one image. */
final class ImageCheck {
    private final Path folder;
    private final PlaneEncoding planes;
    private final List<Category> categories;
    private final IntPredicate isLabel;
    private final FaultSink sink;

    ImageCheck(Path folder, PlaneEncoding planes, List<Category> categories, IntPredicate isLabel, FaultSink sink) {
        this.folder = folder;
        this.planes = planes;
        this.categories = categories;
        this.isLabel = isLabel;
        this.sink = sink;
    }

    /** Returns the labels of the image, [category], and reports faults to the sink. */
    List<Share> check(ProbeImage image) {
        isSound(image, "image", image.file(), file -> {
            Raster raster = Raster.open(file);
            raster.expectSize(image.imageSize(), " as ih and iw say");
            raster.rgb();
        });
        List<Share> shares = new ArrayList<>();
        for (Category category : categories) {
            shares.add(share(image, category));
        }
        return shares;
    }

    private Share share(ProbeImage image, Category category) {
        BitSet labels = new BitSet();
        BitSet covered = new BitSet();
        int read = 0;
        for (Cell cell : image.cells().get(category.position())) {
            if (cell instanceof Cell.Scalar scalar && scalar.number() != 0) {
                labels.set(scalar.number());
                covered.set(0, image.labelSize().cells());
            } else if (cell instanceof Cell.Plane plane) {
                boolean sound = isSound(image, category.name(), plane.file(), file -> {
                    char[] numbers = LabelPlane.decode(file, image.labelSize(), planes);
                    mark(numbers, labels, covered);
                    LabelPlane.expectLabels(numbers, isLabel);
                });
                read += sound ? 1 : 0;
            }
        }
        return new Share(labels, covered.cardinality(), read);
    }

    private void mark(char[] numbers, BitSet labels, BitSet covered) {
        for (int pixel = 0; pixel < numbers.length; pixel++) {
            if (numbers[pixel] != 0 && isLabel.test(numbers[pixel])) {
                labels.set(numbers[pixel]);
                covered.set(pixel);
            }
        }
    }

    /** Reads a file and returns whether it is sound; a fault goes to the sink. */
    private boolean isSound(ProbeImage image, String column, String name, Reading reading) {
        try {
            reading.read(Rasters.bytes(folder.resolve(ProbeSet.IMAGES).resolve(name)));
            return true;
        } catch (BadRasterException e) {
            sink.broken(new Fault(IndexReader.FILE, image.row(), column, ProbeSet.name(name) + ": " + e.getMessage()));
        }
        return false;
    }

    @FunctionalInterface
    private interface Reading {
        void read(byte[] file) throws BadRasterException;
    }
}
