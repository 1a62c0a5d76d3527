package org.netdissect.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.netdissect.base.BilinearResize;
import org.netdissect.base.GridSize;
import org.netdissect.base.SafeFiles;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.Rasters;

/**
 * The probe set's images in the size that pages show, as JPEG files. A JPEG that is small enough is taken as it is, which
 * is quicker and loses nothing.
 */
final class Thumbnails {
    /** Longest side, in pixels. */
    private static final int SIDE = 224;
    /** Where so many images are shown that they would pass {@link #BYTES_PER_UNIT}. */
    private static final int SMALL_SIDE = 160;
    /** What a photograph of {@link #SIDE} takes as a JPEG, about. */
    private static final long USUAL_BYTES = 14_000;
    /** So that 512 units stay below 60 MB, with masks and all. */
    private static final long BYTES_PER_UNIT = 90_000;

    private static final long MOST_TAKEN = 20_000;
    private static final float QUALITY = 0.8f;
    private static final byte[] EXIF = "Exif\0".getBytes(StandardCharsets.US_ASCII);
    private static final int EXIF_WITHIN = 4096;

    private final ProbeSet probe;
    private final int side;

    /** Images for a report of so many units. */
    Thumbnails(ProbeSet probe, int images, long units) {
        this.probe = probe;
        this.side = images * USUAL_BYTES > units * BYTES_PER_UNIT ? SMALL_SIDE : SIDE;
    }

    /** Size of the file made of an image of this size. */
    GridSize size(GridSize image) {
        int longest = Math.max(image.height(), image.width());
        if (longest <= side) {
            return image;
        }
        return new GridSize(scaled(image.height(), longest), scaled(image.width(), longest));
    }

    private int scaled(int length, int longest) {
        return Math.max(1, Math.round((float) length * side / longest));
    }

    /** Writes the file; throws {@link org.netdissect.base.InputException} where the image cannot be read. */
    void write(ProbeImage image, Path file) throws IOException {
        Path source = probe.imageFile(image);
        GridSize size = size(image.imageSize());
        if (size.equals(image.imageSize()) && Files.isRegularFile(source) && Files.size(source) <= MOST_TAKEN) {
            byte[] bytes = Files.readAllBytes(source);
            if (canBeTaken(bytes)) {
                SafeFiles.write(file, out -> out.write(bytes));
                return;
            }
        }
        byte[] rgb = BilinearResize.resize(Rasters.readRgb(source, image.imageSize()), image.imageSize(), size);
        byte[] jpeg = jpeg(rgb, size);
        SafeFiles.write(file, out -> out.write(jpeg));
    }

    /** A JPEG, and without Exif data: a browser would turn the image as they say, and the network saw it unturned. */
    private static boolean canBeTaken(byte[] file) {
        if (file.length < EXIF_WITHIN / 8 || file[0] != (byte) 0xff || file[1] != (byte) 0xd8) {
            return false;
        }
        for (int i = 0; i < Math.min(file.length, EXIF_WITHIN) - EXIF.length; i++) {
            if (Arrays.equals(file, i, i + EXIF.length, EXIF, 0, EXIF.length)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] jpeg(byte[] rgb, GridSize size) throws IOException {
        BufferedImage image = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[size.cells()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
        }
        image.setRGB(0, 0, size.width(), size.height(), pixels, 0, size.width());
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), settings);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
