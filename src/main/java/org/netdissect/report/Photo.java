package org.netdissect.report;

import java.io.IOException;
import java.util.Base64;
import org.netdissect.base.BilinearResize;
import org.netdissect.base.GridSize;

/**
 * An image to be put into a page: encoded anew from its samples, and not the file, since a browser would turn it by its
 * orientation and paint it by its profile, which networks do not know of, and would carry along where it was taken.
 */
final class Photo {
    private static final int LONGEST_SIDE = 960;
    private static final float QUALITY = 0.9f;

    private Photo() {}

    /**
     * A JPEG as data URI, no side longer than 960 pixels.
     *
     * @param rgb interleaved {@code [height][width][3]}
     */
    static String dataUri(byte[] rgb, GridSize size) throws IOException {
        GridSize small = size.within(LONGEST_SIDE);
        byte[] jpeg = JpegFile.of(BilinearResize.resize(rgb, size, small), small, QUALITY);
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
    }
}
