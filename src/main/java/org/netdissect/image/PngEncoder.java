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
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.netdissect.base.GridSize;

/** Encodes images as PNG files; equal samples give equal bytes. */
public final class PngEncoder {
    private static final int COLOURS = 3;

    private PngEncoder() {}

    /**
     * Encodes an image.
     *
     * @param samples interleaved {@code [height][width][3]}, or {@code [height][width]} for a grey file
     */
    public static byte[] encode(byte[] samples, GridSize size) throws IOException {
        int channels = samples.length / size.cells();
        if (samples.length % size.cells() != 0 || (channels != 1 && channels != COLOURS)) {
            throw new IllegalArgumentException(samples.length + " samples for " + size + " pixels");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        // in memory: ImageIO's own choice of a stream goes through a file
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(image(samples, size, channels));
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** An image of the samples, without a copy. */
    private static BufferedImage image(byte[] samples, GridSize size, int channels) {
        if (channels == 1) {
            // a colour model of linear brightness would change the samples
            BufferedImage grey = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_BYTE_GRAY);
            grey.getRaster().setDataElements(0, 0, size.width(), size.height(), samples);
            return grey;
        }
        ComponentColorModel colors = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        return new BufferedImage(
                colors,
                Raster.createInterleavedRaster(
                        new DataBufferByte(samples, samples.length),
                        size.width(),
                        size.height(),
                        size.width() * channels,
                        channels,
                        IntStream.range(0, channels).toArray(),
                        null),
                false,
                null);
    }
}
