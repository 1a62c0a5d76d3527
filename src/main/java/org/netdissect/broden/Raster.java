package org.netdissect.broden;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.GitLfs;
import org.netdissect.base.GridSize;

/** An encoded image whose header was read; its samples are decoded on demand. */
sealed interface Raster permits Png, Jpeg {

    /** Greatest side of an image or label grid; a damaged header must not allocate gigabytes. */
    int GREATEST_SIDE = 16384;

    /** Size as the header claims. */
    GridSize size();

    /** Interleaved RGB, [height][width][3]; the bytes that Pillow's {@code convert('RGB')} gives. */
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

    /** Refuses a header that claims another size, before anything of that size is allocated. */
    default void expectSize(@Nullable GridSize expected, String columns) throws BadRasterException {
        if (expected != null && !size().equals(expected)) {
            throw new BadRasterException("is " + size() + " (height x width), expected " + expected + columns);
        }
    }

    /**
     * Refuses a header that claims more than the file can hold, before anything of that size is allocated.
     *
     * @param most the greatest number of bytes that the file's encoding can make of one
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
