package org.netdissect.broden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.netdissect.base.InputException;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;
import org.netdissect.image.Rasters;

/**
 * A probe set without the images that cannot be read.
 *
 * @param probe the readable images; gives the same results as an index.csv without the others
 * @param skipped in the order of index.csv
 */
public record ReadableImages(ProbeSet probe, List<Skipped> skipped) {

    /**
     * An image that is left out.
     *
     * @param image file
     * @param row line of index.csv, the header being 1
     * @param reason problem of the image or of one of its label planes
     */
    public record Skipped(String image, long row, String reason) {}

    /**
     * Decodes every image and its label planes once.
     *
     * @param threads number of images read at a time
     * @throws InputException where none can be read
     */
    public static ReadableImages of(ProbeSet probe, int threads, ProgressListener progress) throws IOException {
        List<ProbeImage> images = probe.images();
        String[] reasons = new String[images.size()];
        Workers.run(threads, reasons.length, i -> {
            reasons[i] = fault(probe, images.get(i));
            progress.progress(i + 1L, reasons.length);
        });
        List<ProbeImage> readable = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        for (int i = 0; i < reasons.length; i++) {
            ProbeImage image = images.get(i);
            if (reasons[i].isEmpty()) {
                readable.add(image);
            } else {
                skipped.add(new Skipped(image.file(), image.row(), reasons[i]));
            }
        }
        if (readable.isEmpty()) {
            throw new InputException("probe set " + probe.folder() + ": none of its " + images.size()
                    + " images can be read; the first: " + skipped.get(0).reason());
        }
        return new ReadableImages(probe.withImages(readable), List.copyOf(skipped));
    }

    private static String fault(ProbeSet probe, ProbeImage image) {
        try {
            Rasters.readRgb(probe.imageFile(image), image.imageSize());
            probe.readLabels(image);
            return "";
        } catch (InputException e) {
            return String.valueOf(e.getMessage());
        } catch (IOException e) {
            // a disk that fails on one file; toString names the class of the error, whose message is often just the
            // file's name
            return e.toString();
        }
    }
}
