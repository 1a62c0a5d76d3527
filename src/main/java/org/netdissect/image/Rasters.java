package org.netdissect.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

/**
 * Reads the samples of JPEG and PNG files as they are stored: no colour profile, no gamma and no orientation is
 * applied, so that the bytes equal those of Pillow's {@code Image.open(f).convert('RGB')}. Takes RGB, grey and palette
 * images of up to 8 bits; alpha is dropped. CMYK and 16-bit images are refused.
 */
public final class Rasters {
    /** An uncompressed image of 8192 x 8192 pixels in RGB has 201,326,592 bytes. */
    private static final int GREATEST_FILE = 1 << 28;

    private Rasters() {}

    /**
     * Decodes a file.
     *
     * @param expected size to check before decoding; null for any size
     * @return interleaved RGB, row-major [height][width][3]
     * @throws InputException if the file is missing, damaged, cut off, of another size or of an unsupported kind
     */
    public static byte[] readRgb(Path file, @Nullable GridSize expected) throws IOException {
        try {
            Raster raster = Raster.open(bytes(file));
            raster.expectSize(expected, "");
            return raster.rgb();
        } catch (BadRasterException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** The size in the file's header; throws {@link InputException} as {@link #readRgb} does. */
    public static GridSize readSize(Path file) throws IOException {
        try {
            return Raster.open(bytes(file)).size();
        } catch (BadRasterException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** Whether a JPEG's Exif data ask for a rotation or reflection, which {@link #readRgb} ignores. */
    public static boolean isTurned(Path file) throws IOException {
        try {
            return ExifOrientation.of(bytes(file)) != ExifOrientation.UPRIGHT;
        } catch (BadRasterException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** Reads a whole file; throws where it is missing, larger than {@link #GREATEST_FILE} or unreadable. */
    public static byte[] bytes(Path file) throws BadRasterException {
        if (!Files.isRegularFile(file)) {
            throw new BadRasterException("no such file");
        }
        try {
            long length = Files.size(file);
            if (length > GREATEST_FILE) {
                throw new BadRasterException("has " + length + " bytes, expected at most " + GREATEST_FILE);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadRasterException(unreadable(e), e);
        }
    }

    /**
     * Message for a file that cannot be read. It names the class of the error, whose own message is often just the
     * name of the file.
     */
    public static String unreadable(IOException error) {
        return "cannot be read (" + error + ")";
    }
}
