package org.netdissect.image;

import java.util.zip.CRC32;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;
import org.netdissect.broden.LabelPlane;

/** Any bytes as a PNG or JPEG image and as a label plane; a PNG also with corrected checksums. */
public final class RasterFuzz {
    /** Largest image to decode; larger ones behave the same, but take the fuzzer's time. */
    private static final long MOST_PIXELS = 1 << 18;

    private static final int SIGNATURE = 8;
    private static final int CHUNK_FRAME = 12;

    private RasterFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) {
        decode(data);
        if (Png.isPng(data)) {
            decode(withChecksums(data));
        }
    }

    private static void decode(byte[] file) {
        try {
            Raster raster = Raster.open(file);
            if (raster.size().cells() > MOST_PIXELS) {
                return;
            }
            for (PlaneEncoding encoding : PlaneEncoding.values()) {
                decodePlane(file, raster, encoding);
            }
            if (raster.rgb().length != 3 * raster.size().cells()) {
                throw new AssertionError("samples of another size than " + raster.size());
            }
        } catch (BadRasterException e) {
            expectClear(e);
        }
    }

    private static void decodePlane(byte[] file, Raster raster, PlaneEncoding encoding) {
        try {
            char[] numbers = LabelPlane.decode(file, raster.size(), encoding);
            if (numbers.length != raster.size().cells()) {
                throw new AssertionError("numbers of another size than " + raster.size());
            }
        } catch (BadRasterException e) {
            expectClear(e);
        }
    }

    private static void expectClear(BadRasterException refusal) {
        FuzzFolder.expectClear(new InputException("file " + refusal.getMessage()), "file ");
    }

    private static byte[] withChecksums(byte[] file) {
        byte[] right = file.clone();
        int at = SIGNATURE;
        while (at + CHUNK_FRAME <= right.length) {
            int length = Png.int32(right, at);
            if (length < 0 || length > right.length - at - CHUNK_FRAME) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(right, at + 4, length + 4);
            for (int i = 0; i < 4; i++) {
                right[at + 8 + length + i] = (byte) (crc.getValue() >> (24 - 8 * i));
            }
            at += CHUNK_FRAME + length;
        }
        return right;
    }
}
