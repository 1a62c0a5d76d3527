package org.netdissect.report;

import java.io.IOException;
import java.util.Base64;
import org.netdissect.base.GridSize;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.JpegEncoder;

/**
 * An image inside a page, encoded from its samples. A copy of the file would be shown with its orientation and profile,
 * which networks ignore, and could reveal where the photo was taken.
 */
final class Photo {
    private static final int LONGEST_SIDE = 960;
    private static final float QUALITY = 0.9f;

    private Photo() {}

    /**
     * The image as data URI of a JPEG with sides of at most 960 pixels.
     *
     * @param rgb interleaved {@code [height][width][3]}
     */
    static String dataUri(byte[] rgb, GridSize size) throws IOException {
        GridSize small = size.within(LONGEST_SIDE);
        byte[] jpeg = JpegEncoder.encode(BilinearResize.resize(rgb, size, small), small, QUALITY);
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
    }
}
