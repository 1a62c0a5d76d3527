package org.netdissect.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExifOrientationTest {
    @TempDir
    Path folder;

    private static byte[] jpeg() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(new BufferedImage(6, 4, BufferedImage.TYPE_3BYTE_BGR), "jpeg", out));
        return out.toByteArray();
    }

    /** JPEG with an Exif segment as cameras write it: other entries, then the orientation. */
    private static byte[] turned(int orientation, ByteOrder order) throws IOException {
        ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 2 * 12 + 4).order(order);
        tiff.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
        tiff.putShort((short) 42).putInt(8).putShort((short) 2);
        tiff.putShort((short) 0x0100).putShort((short) 4).putInt(1).putInt(6);
        tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1);
        tiff.putShort((short) orientation).putShort((short) 0).putInt(0);
        byte[] jpeg = jpeg();
        ByteBuffer file = ByteBuffer.allocate(jpeg.length + 10 + tiff.capacity());
        file.put(jpeg, 0, 2).putShort((short) 0xFFE1).putShort((short) (8 + tiff.capacity()));
        file.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff.array());
        return file.put(jpeg, 2, jpeg.length - 2).array();
    }

    @Test
    void everyOrientationInBothByteOrders() throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (int orientation = 1; orientation <= 8; orientation++) {
                assertEquals(orientation, ExifOrientation.of(turned(orientation, order)));
            }
            assertEquals(1, ExifOrientation.of(turned(0, order)));
            assertEquals(1, ExifOrientation.of(turned(9, order)));
        }
        assertEquals(1, ExifOrientation.of(jpeg()), "no Exif data");
        assertEquals(1, ExifOrientation.of(new byte[0]));
        assertEquals(1, ExifOrientation.of(new byte[] {(byte) 0x89, 'P', 'N', 'G'}));
    }

    @Test
    void theSamplesStayAsTheyAre() throws IOException {
        Path upright = Files.write(folder.resolve("a.jpg"), jpeg());
        Path turned = Files.write(folder.resolve("b.jpg"), turned(6, ByteOrder.BIG_ENDIAN));
        assertFalse(Rasters.isTurned(upright));
        assertTrue(Rasters.isTurned(turned));
        assertEquals(Rasters.readSize(upright), Rasters.readSize(turned));
        assertArrayEquals(Rasters.readRgb(upright, null), Rasters.readRgb(turned, null));
    }

    @Test
    void damagedExifDataAreNoReasonToFail() throws IOException {
        Random random = new Random(4);
        byte[] whole = turned(6, ByteOrder.LITTLE_ENDIAN);
        for (int length = 0; length < whole.length; length++) {
            int found = ExifOrientation.of(Arrays.copyOf(whole, length));
            assertTrue(found == 1 || found == 6, "cut at " + length);
        }
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[2 + random.nextInt(50)] = (byte) random.nextInt(256);
            }
            int found = ExifOrientation.of(damaged);
            assertTrue(found >= 1 && found <= 8);
        }
    }

    @Test
    void offsetsBeyondTheFileAreNotFollowed() throws IOException {
        byte[] file = turned(6, ByteOrder.BIG_ENDIAN);
        for (int offset : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 33, 36, 37, 38}) {
            ByteBuffer.wrap(file).putInt(2 + 4 + 6 + 4, offset);
            assertEquals(1, ExifOrientation.of(file), "directory at " + offset);
        }
    }
}
