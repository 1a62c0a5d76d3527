package org.netdissect.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.broden.Refusals;

class RastersTest {
    @TempDir
    Path folder;

    private static BufferedImage noise(int height, int width) {
        Random random = new Random(7);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < height * width; i++) {
            image.setRGB(i % width, i / width, random.nextInt(1 << 24));
        }
        return image;
    }

    private static byte[] rgb(BufferedImage image) {
        byte[] rgb = new byte[3 * image.getHeight() * image.getWidth()];
        for (int i = 0; i < rgb.length / 3; i++) {
            Color colour = new Color(image.getRGB(i % image.getWidth(), i / image.getWidth()));
            rgb[3 * i] = (byte) colour.getRed();
            rgb[3 * i + 1] = (byte) colour.getGreen();
            rgb[3 * i + 2] = (byte) colour.getBlue();
        }
        return rgb;
    }

    private Path write(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("a." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return file;
    }

    private String refusal(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("bad"), content);
        String message = Refusals.of(() -> Rasters.readRgb(file, null));
        assertTrue(message.startsWith(file + ": "), message);
        return message.substring(message.indexOf(": ") + 2);
    }

    @Test
    void pngSamplesComeAsStored() throws IOException {
        BufferedImage image = noise(5, 7);
        Path file = write(image, "png");
        assertArrayEquals(rgb(image), Rasters.readRgb(file, new GridSize(5, 7)));
        assertEquals(new GridSize(5, 7), Rasters.readSize(file));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,3", "5,1", "1,6", "9,17"})
    void interlacedPngsOfAnySize(int height, int width) throws IOException {
        BufferedImage image = noise(height, width);
        Path file = folder.resolve("interlaced.png");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        assertArrayEquals(rgb(image), Rasters.readRgb(file, null));
    }

    @Test
    void alphaIsDroppedAndNotBlended() throws IOException {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
        image.setRGB(0, 0, 0x03C80A01);
        assertArrayEquals(new byte[] {(byte) 0xC8, 0x0A, 0x01}, Rasters.readRgb(write(image, "png"), null));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void paletteOfEveryDepth(int bits) throws IOException {
        byte[] red = {10, (byte) 200};
        IndexColorModel palette = new IndexColorModel(bits, 2, red, new byte[] {20, 30}, new byte[] {40, 50});
        int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
        BufferedImage image = new BufferedImage(3, 1, type, palette);
        image.getRaster().setSample(1, 0, 0, 1);
        assertArrayEquals(
                new byte[] {10, 20, 40, (byte) 200, 30, 50, 10, 20, 40}, Rasters.readRgb(write(image, "png"), null));
    }

    @Test
    void greyGivesThreeEqualSamplesWithoutGamma() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 100);
        image.getRaster().setSample(1, 0, 0, 7);
        assertArrayEquals(new byte[] {100, 100, 100, 7, 7, 7}, Rasters.readRgb(write(image, "png"), null));
    }

    @Test
    void greyJpegIsWithinItsLoss() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSamples(0, 0, 8, 8, 0, filled(64, 100));
        byte[] rgb = Rasters.readRgb(write(image, "jpg"), new GridSize(8, 8));
        assertEquals(3 * 64, rgb.length);
        assertEquals(100, rgb[0], 2);
    }

    private static int[] filled(int count, int value) {
        int[] values = new int[count];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void colourProfileOfAJpegChangesNothing() throws IOException {
        byte[] plain = Files.readAllBytes(write(noise(16, 16), "jpg"));
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        ByteArrayOutputStream tagged = new ByteArrayOutputStream();
        int afterJfif = 2 + 2 + 16;
        tagged.write(plain, 0, afterJfif);
        int length = 2 + 14 + profile.length;
        tagged.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE2, (byte) (length >> 8), (byte) length});
        tagged.writeBytes("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1));
        tagged.writeBytes(profile);
        tagged.write(plain, afterJfif, plain.length - afterJfif);
        Path file = Files.write(folder.resolve("tagged.jpg"), tagged.toByteArray());
        assertArrayEquals(Rasters.readRgb(folder.resolve("a.jpg"), null), Rasters.readRgb(file, null));
    }

    @Test
    void jpegWithoutJfifMarkerIsStillYcbcr() throws IOException {
        byte[] plain = Files.readAllBytes(write(noise(16, 16), "jpg"));
        byte[] bare = new byte[plain.length - 18];
        System.arraycopy(plain, 0, bare, 0, 2);
        System.arraycopy(plain, 20, bare, 2, bare.length - 2);
        Path file = Files.write(folder.resolve("bare.jpg"), bare);
        assertArrayEquals(Rasters.readRgb(folder.resolve("a.jpg"), null), Rasters.readRgb(file, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void everyCutIsFound(String format) throws IOException {
        byte[] whole = Files.readAllBytes(write(noise(24, 24), format));
        for (int length = 0; length < whole.length; length += 5) {
            String message = refusal(Arrays.copyOf(whole, length));
            assertTrue(message.matches("is (cut off|empty|neither|damaged).*"), message);
        }
    }

    @Test
    void flippedByteInAPngIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(write(noise(9, 9), "png"));
        whole[whole.length / 2] ^= 1;
        assertTrue(refusal(whole).startsWith("is damaged: the checksum at byte"));
    }

    @Test
    void claimedSizeIsRefusedBeforeAnythingIsAllocated() throws IOException {
        byte[] bomb = Files.readAllBytes(write(noise(2, 2), "png"));
        bomb[17] = 1; // width 65538
        CRC32 crc = new CRC32();
        crc.update(bomb, 12, 17);
        for (int i = 0; i < 4; i++) {
            bomb[29 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
        }
        assertEquals("claims to be 2x65538, expected sides from 1 to 16384", refusal(bomb));
    }

    private static byte[] pngHeader(int width, int height, int depth, int colour) {
        ByteBuffer png = ByteBuffer.allocate(57);
        png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}).putInt(13);
        png.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
        png.put(new byte[] {(byte) depth, (byte) colour, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(png.array(), 12, 17);
        png.putInt((int) crc.getValue());
        png.putInt(0).put("IDAT".getBytes(StandardCharsets.US_ASCII)).putInt(0x35AF061E);
        png.putInt(0).put("IEND".getBytes(StandardCharsets.US_ASCII)).putInt(0xAE426082);
        return png.array();
    }

    /** JPEG of 16 x 16 pixels with another size, precision and number of components in its frame header. */
    private byte[] jpegThatClaims(int size, int precision, int components) throws IOException {
        byte[] jpeg = Files.readAllBytes(write(noise(16, 16), "jpg"));
        int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0\0\u0011") + 4;
        ByteBuffer header = ByteBuffer.wrap(jpeg);
        header.put(frame, (byte) precision);
        header.putShort(frame + 1, (short) size).putShort(frame + 3, (short) size);
        header.put(frame + 5, (byte) components);
        if (components == 4) {
            ByteBuffer longer = ByteBuffer.allocate(jpeg.length + 3);
            header.putShort(frame - 2, (short) 20);
            return longer.put(jpeg, 0, frame + 6)
                    .put(new byte[] {4, 0x11, 0})
                    .put(jpeg, frame + 6, jpeg.length - frame - 6)
                    .array();
        }
        return jpeg;
    }

    @Test
    void imagesThatClaimAHundredThousandPixelsASideAreRefused() throws IOException {
        assertEquals(
                "claims to be 100000x100000, expected sides from 1 to 16384",
                refusal(pngHeader(100_000, 100_000, 8, 2)));
        assertEquals("claims to be 65535x65535, expected sides from 1 to 16384", refusal(jpegThatClaims(65_535, 8, 3)));
        assertEquals(
                "claims to be 4294967295x4294967295, expected sides from 1 to 16384", refusal(pngHeader(-1, -1, 8, 2)));
    }

    @Test
    void whatTheFileCannotHoldIsNotAllocated() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] png = pngHeader(16_384, 16_384, 8, 2);
        byte[] jpeg = jpegThatClaims(16_384, 8, 3);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertEquals("is cut off: the PNG ends before its image does", refusal(png));
        assertEquals("is cut off: the JPEG ends before its image does", refusal(jpeg));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 50 << 20, allocated + " bytes for two files of a few hundred");
    }

    /** An image of one colour compresses best, and must still be below the bound on pixels per byte. */
    @Test
    void imagesThatCompressWellAreRead() throws IOException {
        BufferedImage image = new BufferedImage(3000, 2000, BufferedImage.TYPE_3BYTE_BGR);
        for (String format : new String[] {"png", "jpg"}) {
            Path file = write(image, format);
            assertArrayEquals(new byte[3 * 3000 * 2000], Rasters.readRgb(file, null), format);
        }
    }

    @Test
    void filesOfGigabytesAreNotRead() throws IOException {
        Path file = folder.resolve("huge.png");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 3L << 30);
        }
        assertEquals(
                file + ": has 3221225473 bytes, expected at most 268435456",
                Refusals.of(() -> Rasters.readRgb(file, null)));
    }

    @Test
    void otherSizeThanExpected() throws IOException {
        Path file = write(noise(2, 3), "jpg");
        assertEquals(
                file + ": is 2x3 (height x width), expected 3x2",
                Refusals.of(() -> Rasters.readRgb(file, new GridSize(3, 2))));
    }

    @Test
    void refusesWhatItCannotReadExactly() throws IOException {
        Path deep = write(new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY), "png");
        assertEquals("has 16 bits a sample, expected 8", refusal(Files.readAllBytes(deep)));
        assertEquals("has 16 bits a sample, expected 8", refusal(pngHeader(2, 2, 16, 2)));
        assertEquals("has 16 bits a sample, expected 8", refusal(pngHeader(2, 2, 16, 6)));
        assertEquals("has 12 bits a sample, expected 8", refusal(jpegThatClaims(16, 12, 3)));
        assertEquals("is a CMYK JPEG, expected RGB or grey; convert it first", refusal(jpegThatClaims(16, 8, 4)));
        assertEquals("is neither a JPEG nor a PNG file", refusal("GIF89a".getBytes(StandardCharsets.UTF_8)));
        assertTrue(Refusals.of(() -> Rasters.readSize(folder.resolve("none"))).endsWith("no such file"));
    }
}
