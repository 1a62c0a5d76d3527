package org.netdissect.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.netdissect.base.GridSize;

/** Encodes images as JPEG files. */
public final class JpegEncoder {
    private static final int[] RED_GREEN_BLUE = {0, 1, 2};

    private JpegEncoder() {}

    /**
     * Encodes an image.
     *
     * @param rgb interleaved {@code [height][width][3]}
     * @param quality 0 to 1, as in ImageIO
     */
    public static byte[] encode(byte[] rgb, GridSize size, float quality) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        // in memory: ImageIO's own choice of a stream goes through a file
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image(rgb, size), null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** An image of the samples, without a copy. */
    private static BufferedImage image(byte[] rgb, GridSize size) {
        ComponentColorModel colors = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        return new BufferedImage(
                colors,
                Raster.createInterleavedRaster(
                        new DataBufferByte(rgb, rgb.length),
                        size.width(),
                        size.height(),
                        size.width() * RED_GREEN_BLUE.length,
                        RED_GREEN_BLUE.length,
                        RED_GREEN_BLUE,
                        null),
                false,
                null);
    }
}
