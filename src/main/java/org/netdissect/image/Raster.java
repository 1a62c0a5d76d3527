package org.netdissect.image;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.GitLfs;
import org.netdissect.base.GridSize;

/** An encoded image. Its header has been read; its samples are decoded on demand. */
public sealed interface Raster permits Png, Jpeg {

    /** Greatest side of an image or label grid; a damaged header must not allocate gigabytes. */
    int GREATEST_SIDE = 16384;

    /** The size in the header. */
    GridSize size();

    /** Decodes to interleaved RGB, [height][width][3], with the bytes of Pillow's {@code convert('RGB')}. */
    byte[] rgb() throws BadRasterException;

    /** Reads the header only. */
    static Raster open(byte[] file) throws BadRasterException {
        if (Png.isPng(file)) {
            return Png.open(file);
        }
        if (Jpeg.isJpeg(file)) {
            return Jpeg.open(file);
        }
        if (GitLfs.isPointer(file)) {
            throw new BadRasterException(GitLfs.POINTER);
        }
        throw new BadRasterException(file.length == 0 ? "is empty" : "is neither a JPEG nor a PNG file");
    }

    /**
     * Refuses a header with another size, before any allocation.
     *
     * @param expected the size; null for any
     * @param source end of the message on where the size was expected, such as {@code  as ih and iw say}, or empty
     */
    default void expectSize(@Nullable GridSize expected, String source) throws BadRasterException {
        if (expected != null && !size().equals(expected)) {
            throw new BadRasterException("is " + size() + " (height x width), expected " + expected + source);
        }
    }

    /**
     * Refuses a header with a size that the file cannot hold, before any allocation.
     *
     * @param most the most bytes that one encoded byte can decode to
     */
    static void expectPossible(long needed, byte[] file, int most, String kind) throws BadRasterException {
        if (needed > (long) most * file.length) {
            throw new BadRasterException("is cut off: the " + kind + " ends before its image does");
        }
    }

    /** Returns the size in a header; refuses an empty or too large one. */
    static GridSize checkedSize(int height, int width) throws BadRasterException {
        if (height < 1 || width < 1 || height > GREATEST_SIDE || width > GREATEST_SIDE) {
            throw new BadRasterException("claims to be " + Integer.toUnsignedString(height) + "x"
                    + Integer.toUnsignedString(width) + ", expected sides from 1 to " + GREATEST_SIDE);
        }
        return new GridSize(height, width);
    }
}
