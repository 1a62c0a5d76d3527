package org.netdissect.images;

import java.io.IOException;
import java.util.Optional;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

/**
 * A sequence of images, read one at a time. An image is identified by its position, from 0, in an order that never
 * changes; labels of the same images are a {@link org.netdissect.labels.LabelSource} with the same positions.
 * Implementations are thread-safe.
 */
public interface ImageSource {
    /** Number of images. */
    int count();

    /** Height and width in pixels, known before the image is read. */
    GridSize imageSize(int image);

    /**
     * Pixels of an image.
     *
     * @return interleaved RGB, row-major [height][width][3]
     * @throws InputException where the image cannot be read or has another size; the message names it
     */
    byte[] rgb(int image) throws IOException;

    /** Name of an image for messages and pages; several images may share one. */
    String name(int image);

    /**
     * SHA-256 over everything that the pixels depend on, and their order; part of the key of cached activations.
     *
     * @param threads number of images read at a time
     */
    String imagesDigest(int threads) throws IOException;

    /** Bytes of the image's file, if it has one of at most {@code mostBytes}; pages show a small JPEG file as it is. */
    default Optional<byte[]> file(int image, long mostBytes) throws IOException {
        return Optional.empty();
    }

    /**
     * An error for an image that can be read but not used.
     *
     * @param problem end of a sentence that begins with the image, such as {@code is 3x5, others are 4x4}
     */
    default InputException refusal(int image, String problem) {
        return new InputException("image " + name(image) + " " + problem);
    }

    /**
     * The error that ends a run at an image that {@link #rgb} refused; it may add the image's place and an option that
     * helps.
     */
    default InputException unreadable(int image, InputException cause) {
        return cause;
    }
}
