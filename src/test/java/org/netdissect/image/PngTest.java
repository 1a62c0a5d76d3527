package org.netdissect.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.GridSize;

/** Every filter on every kind of PNG, compared with ImageIO. */
class PngTest {
    private static final GridSize SIZE = new GridSize(61, 47);
    // first row, first column, row step, column step
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4}, {2, 0, 4, 2}, {0, 1, 2, 2}, {1, 0, 2, 1}
    };

    private static byte[] png(int depth, int colour, int interlaced, byte[] filtered) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        ByteBuffer header = ByteBuffer.allocate(13).putInt(SIZE.width()).putInt(SIZE.height());
        header.put((byte) depth).put((byte) colour).put(12, (byte) interlaced);
        addChunk(file, "IHDR", header.array());
        if (colour == 3) {
            byte[] palette = new byte[3 << depth];
            new Random(5).nextBytes(palette);
            addChunk(file, "PLTE", palette);
        }
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(filtered);
        }
        addChunk(file, "IDAT", deflated.toByteArray());
        addChunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void addChunk(ByteArrayOutputStream file, String type, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(content);
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(content.length);
        out.writeBytes(type);
        out.write(content);
        out.writeInt((int) crc.getValue());
    }

    /** Bytes from 0 to 4, so that each is a valid filter at the start of a row, and sums soon exceed 255. */
    private static byte[] anyFilters(long seed) {
        Random random = new Random(seed);
        byte[] filtered = new byte[5 * SIZE.cells()]; // more bytes than any kind needs
        for (int i = 0; i < filtered.length; i++) {
            filtered[i] = (byte) random.nextInt(5);
        }
        return filtered;
    }

    /** Decodes with ImageIO, grey samples as stored, since getRGB would apply a gamma. */
    private static byte[] naive(byte[] file, int depth, int colour) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
        byte[] rgb = new byte[3 * SIZE.cells()];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % SIZE.width();
            int y = i / 3 / SIZE.width();
            if (colour == 0 || colour == 4) {
                rgb[i] = (byte) (image.getRaster().getSample(x, y, 0) * 255 / ((1 << depth) - 1));
            } else {
                rgb[i] = (byte) (image.getRGB(x, y) >> (16 - 8 * (i % 3)));
            }
        }
        return rgb;
    }

    @ParameterizedTest
    @CsvSource({
        "8,2,0", "8,2,1", "8,6,0", "8,6,1", "8,3,0", "8,3,1", "4,3,0", "2,3,1", "1,3,0", "8,0,0", "8,0,1", "4,0,0",
        "2,0,1", "1,0,0", "8,4,0", "8,4,1"
    })
    void everyFilterOnEveryKind(int depth, int colour, int interlaced) throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            byte[] file = png(depth, colour, interlaced, anyFilters(seed));
            byte[] rgb = naive(file, depth, colour);
            assertArrayEquals(rgb, Png.open(file).rgb());
        }
    }

    @ParameterizedTest
    @CsvSource({"2,0", "2,1", "6,0", "6,1"})
    void redAndGreenWhereBlueIsZero(int colour, int interlaced) throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            byte[] filtered = anyFilters(seed);
            clearBlue(filtered, colour == 2 ? 3 : 4, interlaced == 1);
            byte[] file = png(8, colour, interlaced, filtered);
            byte[] rgb = naive(file, 8, colour);
            char[] numbers = Png.open(file).redAndGreen();
            assertEquals(SIZE.cells(), numbers.length);
            for (int i = 0; i < numbers.length; i++) {
                assertEquals((rgb[3 * i] & 0xFF) + 256 * (rgb[3 * i + 1] & 0xFF), numbers[i]);
                assertEquals(0, rgb[3 * i + 2]);
            }
        }
    }

    /** Clears a channel: under any filter its bytes remain 0. */
    private static void clearBlue(byte[] filtered, int channels, boolean interlaced) {
        int at = 0;
        for (int[] pass : interlaced ? ADAM7 : new int[][] {{0, 0, 1, 1}}) {
            for (int y = pass[0]; y < SIZE.height(); y += pass[2]) {
                at++;
                for (int x = pass[1]; x < SIZE.width(); x += pass[3], at += channels) {
                    filtered[at + 2] = 0;
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,0", "2,1", "6,0", "6,1"})
    void aBluePixelIsNamed(int colour, int interlaced) throws Exception {
        byte[] filtered = anyFilters(1);
        int channels = colour == 2 ? 3 : 4;
        clearBlue(filtered, channels, interlaced == 1);
        // the last pixel in both orders
        int last = (interlaced == 1 ? interlacedLength(channels) : SIZE.height() * (1 + SIZE.width() * channels))
                - channels;
        filtered[last + 2] = 7;
        byte[] file = png(8, colour, interlaced, filtered);
        byte[] rgb = naive(file, 8, colour);
        int bluest = 0;
        while (rgb[3 * bluest + 2] == 0) {
            bluest++;
        }
        BadRasterException refusal =
                assertThrows(BadRasterException.class, () -> Png.open(file).redAndGreen());
        String expected = "pixel x=" + bluest % SIZE.width() + ", y=" + bluest / SIZE.width() + " is RGB ("
                + (rgb[3 * bluest] & 0xFF) + ", " + (rgb[3 * bluest + 1] & 0xFF) + ", 7), expected blue 0";
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(expected), refusal.getMessage());
    }

    private static int interlacedLength(int channels) {
        int length = 0;
        for (int[] pass : ADAM7) {
            int width = (SIZE.width() - pass[1] + pass[3] - 1) / pass[3];
            int height = (SIZE.height() - pass[0] + pass[2] - 1) / pass[2];
            length += height * (1 + width * channels);
        }
        return length;
    }

    @ParameterizedTest
    @CsvSource({
        "8,3,0", "8,3,1", "4,3,0", "4,3,1", "2,3,1", "1,3,0", "8,0,0", "8,0,1", "4,0,0", "2,0,1", "1,0,0", "16,0,0",
        "16,0,1", "8,4,0", "8,4,1", "16,4,0"
    })
    void samplesAreNumbers(int depth, int colour, int interlaced) throws Exception {
        for (int seed = 0; seed < 5; seed++) {
            byte[] file = png(depth, colour, interlaced, anyFilters(seed));
            Raster raster = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
            char[] numbers = Png.open(file).numbers().numbers();
            for (int i = 0; i < numbers.length; i++) {
                assertEquals(raster.getSample(i % SIZE.width(), i / SIZE.width(), 0), numbers[i]);
            }
        }
    }

    /** The inflater is reused, so that the state after a damaged file must not affect the next file. */
    @Test
    void aDamagedFileLeavesTheNextAsItIs() throws Exception {
        byte[] sound = png(8, 2, 0, anyFilters(1));
        byte[] cut = png(8, 2, 0, new byte[SIZE.cells()]);
        byte[] garbled = png(8, 2, 0, anyFilters(2));
        int idat = 8 + 25 + 8;
        garbled[idat] = 0;
        CRC32 crc = new CRC32();
        int length = Png.int32(garbled, idat - 8);
        crc.update(garbled, idat - 4, length + 4);
        ByteBuffer.wrap(garbled).putInt(idat + length, (int) crc.getValue());
        byte[] wrongFilter = anyFilters(3);
        wrongFilter[0] = 5;
        byte[] expected = naive(sound, 8, 2);
        assertRefused("is cut off: the PNG ends before its image does", cut);
        assertArrayEquals(expected, Png.open(sound).rgb());
        assertRefused("is damaged: incorrect header check", garbled);
        assertArrayEquals(expected, Png.open(sound).rgb());
        assertRefused("is damaged: a PNG row has filter 5", png(8, 2, 0, wrongFilter));
    }

    private static void assertRefused(String message, byte[] file) throws BadRasterException {
        Png png = Png.open(file);
        for (Decoding decoding : new Decoding[] {Png::rgb, Png::redAndGreen}) {
            BadRasterException refusal = assertThrows(BadRasterException.class, () -> decoding.of(png));
            assertEquals(message, refusal.getMessage());
        }
    }

    @FunctionalInterface
    private interface Decoding {
        Object of(Png png) throws BadRasterException;
    }
}
