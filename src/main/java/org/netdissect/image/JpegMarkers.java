package org.netdissect.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.netdissect.base.GridSize;

/** The segments of a JPEG file up to its first scan (ITU-T T.81, annex B). */
final class JpegMarkers {
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int START_OF_SCAN = 0xDA;
    /** libjpeg ignores shorter segments (jdmarker.c, APP0_DATA_LEN and APP14_DATA_LEN). */
    private static final int LEAST_JFIF = 14;

    private static final int LEAST_ADOBE = 12;
    private static final int ADOBE_TRANSFORM = 11;
    private static final int ADOBE_RGB = 0;
    private static final int NO_ADOBE = -1;
    private static final int FIRST_FRAME_TYPE = 0xC0;
    private static final int LAST_FRAME_TYPE = 0xCF;

    private final byte[] file;
    private final List<Segment> kept = new ArrayList<>();
    private boolean jfif;
    /** Colour transform of the last Adobe marker; {@link #NO_ADOBE} without one. */
    private int adobeTransform = NO_ADOBE;

    private int frame = -1;
    private int scanStart;
    private GridSize size = new GridSize(1, 1);

    /** A marker and its content, {@code start} to {@code end} (exclusive). */
    record Segment(int start, int end) {}

    private JpegMarkers(byte[] file) {
        this.file = file;
    }

    static JpegMarkers read(byte[] file) throws BadRasterException {
        JpegMarkers markers = new JpegMarkers(file);
        markers.walk();
        markers.size = Raster.checkedSize(markers.u16(markers.frame + 1), markers.u16(markers.frame + 3));
        return markers;
    }

    private void walk() throws BadRasterException {
        int at = 2;
        while (true) {
            // a marker is any number of FF and one other byte; T.81 calls the first ones fill bytes
            while (at + 1 < file.length && u8(at) == 0xFF && u8(at + 1) == 0xFF) {
                at++;
            }
            if (at + 4 > file.length) {
                throw cutOff();
            }
            int marker = u8(at + 1);
            int end = at + 2 + u16(at + 2);
            if (u8(at) != 0xFF || end < at + 4) {
                throw new BadRasterException("is damaged: no JPEG marker at byte " + at);
            }
            if (marker == START_OF_SCAN) {
                scanStart = at;
                break;
            }
            if (end > file.length) {
                throw cutOff();
            }
            addSegment(marker, at, end);
            at = end;
        }
        if (frame < 0) {
            throw new BadRasterException("is damaged: the JPEG has no frame header before its first scan");
        }
    }

    private void addSegment(int marker, int start, int end) throws BadRasterException {
        boolean application = marker >= APP0 && marker <= APP15;
        if (marker == APP0 && holds(start, end, "JFIF\0", LEAST_JFIF)) {
            jfif = true;
        } else if (marker == APP14 && holds(start, end, "Adobe", LEAST_ADOBE)) {
            adobeTransform = u8(start + 4 + ADOBE_TRANSFORM);
        } else if (!application && marker != COMMENT) {
            kept.add(new Segment(start, end));
        }
        // C4, C8 and CC are not frames but Huffman tables, an extension and arithmetic conditioning
        boolean table = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
        if (marker >= FIRST_FRAME_TYPE && marker <= LAST_FRAME_TYPE && !table) {
            frame = start + 4;
            if (frame + 6 > end || frame + 6 + 3 * components() > end) {
                throw new BadRasterException("is damaged: the JPEG's frame header is too short");
            }
        }
    }

    private boolean holds(int start, int end, String name, int least) {
        return end - start >= 4 + least
                && new String(file, start + 4, name.length(), StandardCharsets.ISO_8859_1).equals(name);
    }

    int precision() {
        return u8(frame);
    }

    GridSize size() {
        return size;
    }

    int components() {
        return u8(frame + 5);
    }

    /** Whether the three components are YCbCr, not RGB, by libjpeg's rules (jdapimin.c, default_decompress_parms). */
    boolean yCbCr() {
        if (jfif) {
            return true;
        }
        if (adobeTransform != NO_ADOBE) {
            return adobeTransform != ADOBE_RGB;
        }
        return !(u8(frame + 6) == 'R' && u8(frame + 9) == 'G' && u8(frame + 12) == 'B');
    }

    /** Segments before the scan that the decoder needs, without those that name the colours. */
    List<Segment> kept() {
        return kept;
    }

    int scanStart() {
        return scanStart;
    }

    private static BadRasterException cutOff() {
        return new BadRasterException("is cut off: the JPEG ends before its image does");
    }

    private int u8(int at) {
        return file[at] & 0xFF;
    }

    private int u16(int at) {
        return (u8(at) << 8) | u8(at + 1);
    }
}
