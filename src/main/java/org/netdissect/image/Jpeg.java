package org.netdissect.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.netdissect.base.GridSize;

/**
 * A JPEG file, grey or RGB, decoded by ImageIO's libjpeg. ImageIO would apply a colour profile, take a file without
 * JFIF and Adobe markers for RGB, and refuse some that have both; libjpeg and Pillow do not. So ImageIO gets the file
 * without profiles and other attachments, and with one marker that names the colour space of three components.
 */
final class Jpeg implements Raster {
    private static final byte[] JFIF = {
        (byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    private static final byte[] ADOBE_RGB = {
        (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };

    /** Most pixels that one byte can code: each bit a block of 8 x 8 (ITU-T T.81, F.1.2.1: the shortest Huffman code). */
    private static final int MOST_PIXELS = 8 * 64;

    private final byte[] file;
    private final JpegMarkers markers;

    private Jpeg(byte[] file, JpegMarkers markers) {
        this.file = file;
        this.markers = markers;
    }

    static boolean isJpeg(byte[] file) {
        return file.length >= 3 && (file[0] & 0xFF) == 0xFF && (file[1] & 0xFF) == 0xD8 && (file[2] & 0xFF) == 0xFF;
    }

    static Jpeg open(byte[] file) throws BadRasterException {
        return new Jpeg(file, JpegMarkers.read(file));
    }

    @Override
    public GridSize size() {
        return markers.size();
    }

    @Override
    public byte[] rgb() throws BadRasterException {
        if (markers.precision() != 8) {
            throw new BadRasterException("has " + markers.precision() + " bits a sample, expected 8");
        }
        int components = markers.components();
        if (components == 4) {
            throw new BadRasterException("is a CMYK JPEG, expected RGB or grey; convert it first");
        }
        if (components != 1 && components != 3) {
            throw new BadRasterException("has " + components + " components, expected 1 (grey) or 3 (RGB)");
        }
        Raster.expectPossible(size().cells(), file, MOST_PIXELS, "JPEG");
        BufferedImage image = decode();
        if (!(image.getRaster().getDataBuffer() instanceof DataBufferByte buffer)
                || image.getRaster().getNumBands() != components
                || buffer.getData().length != components * size().cells()) {
            throw new BadRasterException("was decoded to samples of an unexpected layout");
        }
        return toRgb(buffer.getData(), components);
    }

    private BufferedImage decode() throws BadRasterException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        List<String> warnings = new ArrayList<>();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(stripped()))) {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(in, true, true);
            BufferedImage image = reader.read(0);
            // libjpeg goes on with grey where the data ends; other warnings (stray bytes) leave the image whole
            for (String warning : warnings) {
                if (warning.contains("Truncated") || warning.contains("Premature")) {
                    throw new BadRasterException("is cut off: the JPEG ends before its image does");
                }
            }
            return image;
        } catch (IOException | RuntimeException e) {
            throw new BadRasterException("is damaged or of a kind not read (" + e.getMessage() + ")", e);
        } finally {
            reader.dispose();
        }
    }

    private byte[] stripped() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + JFIF.length);
        out.write(file, 0, 2);
        if (markers.components() == 3) {
            out.writeBytes(markers.yCbCr() ? JFIF : ADOBE_RGB);
        }
        for (JpegMarkers.Segment segment : markers.kept()) {
            out.write(file, segment.start(), segment.end() - segment.start());
        }
        out.write(file, markers.scanStart(), file.length - markers.scanStart());
        return out.toByteArray();
    }

    private static byte[] toRgb(byte[] samples, int components) {
        byte[] rgb = new byte[samples.length / components * 3];
        for (int in = 0, out = 0; out < rgb.length; in += components, out += 3) {
            // ImageIO gives colours as BGR
            rgb[out] = samples[in + components - 1];
            rgb[out + 1] = samples[in + components / 2];
            rgb[out + 2] = samples[in];
        }
        return rgb;
    }
}
