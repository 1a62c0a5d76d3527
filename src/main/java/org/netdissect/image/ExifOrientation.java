package org.netdissect.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The orientation in a JPEG's Exif data (CIPA DC-008-2019, 4.5.4 and 4.6.4). */
final class ExifOrientation {
    /** The samples are stored upright. */
    static final int UPRIGHT = 1;

    private static final int GREATEST = 8;
    private static final int APP1 = 0xFFE1;
    private static final int START_OF_SCAN = 0xFFDA;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LITTLE_ENDIAN = 0x4949;
    private static final int TIFF_HEADER = 8;
    private static final int ENTRY = 12;
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;

    private ExifOrientation() {}

    /** Returns 1 to 8; 1 also where the file has no valid orientation, which is no reason to refuse an image. */
    static int of(byte[] file) {
        if (!Jpeg.isJpeg(file)) {
            return UPRIGHT;
        }
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int at = 2;
        while (at + 4 <= file.length) {
            int marker = bytes.getShort(at) & 0xFFFF;
            int end = at + 2 + (bytes.getShort(at + 2) & 0xFFFF);
            if (marker == START_OF_SCAN || marker < 0xFF00 || end > file.length) {
                return UPRIGHT;
            }
            int content = at + 4;
            if (marker == APP1
                    && end - content >= EXIF.length + TIFF_HEADER
                    && Arrays.equals(file, content, content + EXIF.length, EXIF, 0, EXIF.length)) {
                int from = content + EXIF.length;
                return inTiff(bytes.slice(from, end - from));
            }
            at = Math.max(end, content);
        }
        return UPRIGHT;
    }

    private static int inTiff(ByteBuffer tiff) {
        tiff.order(tiff.getShort(0) == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 0 || directory > tiff.limit() - 2) {
            return UPRIGHT;
        }
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries && directory + 2 + (i + 1) * ENTRY <= tiff.limit(); i++) {
            int entry = directory + 2 + i * ENTRY;
            if ((tiff.getShort(entry) & 0xFFFF) == ORIENTATION && tiff.getShort(entry + 2) == SHORT) {
                int orientation = tiff.getShort(entry + 8) & 0xFFFF;
                return orientation >= UPRIGHT && orientation <= GREATEST ? orientation : UPRIGHT;
            }
        }
        return UPRIGHT;
    }
}
