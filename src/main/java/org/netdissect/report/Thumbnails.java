package org.netdissect.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.netdissect.base.GridSize;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.JpegEncoder;
import org.netdissect.images.ImageSource;

/**
 * Images in the size that pages show, as JPEG files. A small JPEG file is copied, which is quicker and loses nothing.
 */
final class Thumbnails {
    /** Longest side, in pixels. */
    private static final int SIDE = 224;
    /** Longest side for images that would otherwise exceed {@link #BYTES_PER_UNIT}. */
    private static final int SMALL_SIDE = 160;
    /** Typical size of a photograph of {@link #SIDE} as a JPEG. */
    private static final long TYPICAL_BYTES = 14_000;
    /** Limit that keeps 512 units below 60 MB, masks included. */
    private static final long BYTES_PER_UNIT = 90_000;

    private static final long MOST_COPIED_BYTES = 20_000;
    private static final float QUALITY = 0.8f;
    private static final byte[] EXIF = "Exif\0".getBytes(StandardCharsets.US_ASCII);
    private static final int EXIF_WITHIN = 4096;

    private final ImageSource images;
    private final int side;

    /** Images for a report of {@code units} units in all. */
    Thumbnails(ImageSource images, int shown, long units) {
        this.images = images;
        this.side = shown * TYPICAL_BYTES > units * BYTES_PER_UNIT ? SMALL_SIDE : SIDE;
    }

    /** Size of the file made of an image of this size. */
    GridSize size(GridSize image) {
        return image.within(side);
    }

    /**
     * Writes a new file under its final name: pages refer to it only when all files are written. Throws {@link
     * org.netdissect.base.InputException} where the image cannot be read.
     */
    void write(int image, Path file) throws IOException {
        Files.write(file, content(image), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private byte[] content(int image) throws IOException {
        GridSize given = images.imageSize(image);
        GridSize size = size(given);
        Optional<byte[]> file = size.equals(given)
                ? images.file(image, MOST_COPIED_BYTES).filter(Thumbnails::canBeCopied)
                : Optional.empty();
        return file.isPresent()
                ? file.get()
                : JpegEncoder.encode(BilinearResize.resize(images.rgb(image), given, size), size, QUALITY);
    }

    /**
     * Whether the file is a JPEG without Exif data. With them, a browser would rotate the image, and the network saw it
     * as stored.
     */
    private static boolean canBeCopied(byte[] file) {
        if (file.length < EXIF_WITHIN / 8 || file[0] != (byte) 0xff || file[1] != (byte) 0xd8) {
            return false;
        }
        int within = Math.min(file.length, EXIF_WITHIN) - EXIF.length;
        for (int i = 0; i < within; i++) {
            if (file[i] == EXIF[0] && Arrays.equals(file, i, i + EXIF.length, EXIF, 0, EXIF.length)) {
                return false;
            }
        }
        return true;
    }
}
