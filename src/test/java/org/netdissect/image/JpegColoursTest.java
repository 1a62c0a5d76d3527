package org.netdissect.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Colour space of a JPEG's three components by its markers. The table is libjpeg's; by it Pillow 9.4 gave the same
 * bytes for 120 files of these kinds (4:4:4, 4:2:2 and 4:2:0, baseline and progressive).
 */
class JpegColoursTest {
    private static final String JFIF = "JFIF\0\1\1\0\0\1\0\1\0\0";
    private static final int AFTER_JFIF = 20;

    private static byte[] plain(boolean progressive) throws IOException {
        Random random = new Random(3);
        BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 24 * 24; i++) {
            image.setRGB(i % 24, i / 24, random.nextInt(1 << 24));
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        return bytes.toByteArray();
    }

    /** JPEG with these segments, given by marker and content, in place of its JFIF marker. */
    private static byte[] with(byte[] plain, String markers) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 2);
        for (String marker : markers.split("[+]", -1)) {
            if (marker.startsWith("adobe")) {
                segment(file, 0xEE, "Adobe\0d\0\0\0\0" + (char) (marker.charAt(5) - '0') + marker.substring(6));
            } else if (marker.equals("jfif")) {
                segment(file, 0xE0, JFIF);
            } else if (marker.equals("short")) {
                segment(file, 0xE0, "JFIF\0");
                segment(file, 0xEE, "Adobe\0d\0\0");
            } else if (marker.equals("exif")) {
                segment(file, 0xE1, "Exif\0\0MM\0*\0\0\0\u0008\0\0\0\0\0\0");
            }
        }
        file.write(plain, AFTER_JFIF, plain.length - AFTER_JFIF);
        return file.toByteArray();
    }

    private static void segment(ByteArrayOutputStream file, int marker, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        file.write(0xFF);
        file.write(marker);
        file.write((bytes.length + 2) >> 8);
        file.write(bytes.length + 2);
        file.writeBytes(bytes);
    }

    /** Components of a JPEG without conversion. */
    private static byte[] components(byte[] file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in);
            Raster raster = reader.readRaster(0, null);
            byte[] samples = new byte[3 * raster.getWidth() * raster.getHeight()];
            for (int i = 0; i < samples.length; i++) {
                int pixel = i / 3;
                samples[i] = (byte) raster.getSample(pixel % raster.getWidth(), pixel / raster.getWidth(), i % 3);
            }
            return samples;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jfif, true",
        "none, true",
        "adobe0, false",
        "adobe1, true",
        "adobe2, true",
        "adobe5, true",
        "adobe0xxxx, false",
        "adobe0+adobe1, true",
        "adobe1+adobe0, false",
        "jfif+adobe0, true",
        "adobe0+jfif, true",
        "jfif+adobe1, true",
        "jfif+adobe2, true",
        "exif, true",
        "exif+adobe0, false",
        "exif+adobe1, true",
        "short, true",
        "short+adobe0, false",
    })
    void markersTellRgbFromYcbcr(String markers, boolean yCbCr) throws Exception {
        for (boolean progressive : new boolean[] {false, true}) {
            byte[] plain = plain(progressive);
            byte[] converted = rgb(plain);
            byte[] stored = components(plain);
            assertFalse(Arrays.equals(converted, stored));
            assertArrayEquals(
                    yCbCr ? converted : stored, Jpeg.open(with(plain, markers)).rgb());
        }
    }

    /** Pixels of a standard JPEG by ImageIO. */
    private static byte[] rgb(byte[] file) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
        byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            int colour = image.getRGB(pixel % image.getWidth(), pixel / image.getWidth());
            rgb[i] = (byte) (colour >> (16 - 8 * (i % 3)));
        }
        return rgb;
    }

    @Test
    void componentsNamedRgbAreRgbWithoutAMarker() throws Exception {
        byte[] plain = plain(false);
        byte[] named = with(plain, "none");
        int frame = new String(named, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0\0\u0011") + 10;
        int scan = new String(named, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00da\0\u000c\3") + 5;
        for (int i = 0; i < 3; i++) {
            named[frame + 3 * i] = (byte) "RGB".charAt(i);
            named[scan + 2 * i] = (byte) "RGB".charAt(i);
        }
        assertArrayEquals(components(plain), Jpeg.open(named).rgb());
    }
}
