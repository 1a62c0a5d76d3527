package org.netdissect.labels;

import java.io.IOException;
import java.util.List;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

/**
 * Labels of a sequence of images, read or computed one image at a time. An image is identified by its position, from 0,
 * in an order that never changes, the same as in the {@link org.netdissect.images.ImageSource} of the images.
 * Implementations are thread-safe.
 */
public interface LabelSource {
    /** Number of images, including those without a label. */
    int count();

    /** Categories in use; each {@link Category#position} is its place in this list. */
    List<Category> categories();

    /** Meaning of the label numbers; primary categories are positions in {@link #categories}. */
    LabelTable labels();

    /** Label grid of an image, sh x sw, known before its labels are read. */
    GridSize labelSize(int image);

    /**
     * Labels of an image, of the categories in use.
     *
     * @throws InputException where they cannot be read, or hold a number that {@link #labels} lacks; the message names
     *     the image
     */
    LabelMap readLabels(int image, LabelReading reading) throws IOException;

    /** Upper bound on the number of labels of one pixel, repeated ones included; known without reading the labels. */
    int mostLabelsPerPixel(int image);

    /**
     * SHA-256 over everything that the labels depend on, and the order of images; part of the key of cached counts.
     *
     * @param threads number of images read at a time
     */
    String labelsDigest(int threads) throws IOException;
}
