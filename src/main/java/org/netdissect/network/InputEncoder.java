package org.netdissect.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.Brightness;

/** Encodes decoded images as network input: {@code [images][channels][height][width]} float32. Thread-safe. */
public final class InputEncoder {
    private static final int COLOURS = ChannelOrder.RGB.count();

    private final Preprocessing preprocessing;
    private final GridSize inputSize;
    /** [network channels][256] */
    private final float[][] tables;

    /** An encoder for inputs of this size. */
    public InputEncoder(Preprocessing preprocessing, GridSize inputSize) {
        this.preprocessing = preprocessing;
        this.inputSize = inputSize;
        this.tables = preprocessing.tables();
    }

    /** Height and width of the network's input. */
    GridSize inputSize() {
        return inputSize;
    }

    /** A buffer for {@code images} images, in native order, outside the Java heap. */
    ByteBuffer newBuffer(int images) {
        long bytes = (long) images * valuesPerImage() * Float.BYTES;
        if (bytes > Integer.MAX_VALUE) {
            throw new InputException("a batch of " + images + " images of " + inputSize
                    + " is larger than 2 GB; give a smaller --batch or --input-size");
        }
        return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    }

    /** The first {@code images} images of a buffer. */
    InputBatch batch(ByteBuffer values, int images) {
        return new InputBatch(values, images, tables.length, inputSize);
    }

    /**
     * Writes one image.
     *
     * @param rgb interleaved {@code [height][width][3]}, resized here where its size is not the input's
     * @param slot position of the image in the batch
     */
    void encode(byte[] rgb, GridSize size, ByteBuffer batch, int slot) {
        byte[] colours = preprocessing.channels() == ChannelOrder.GREY ? Brightness.rgb(rgb) : rgb;
        byte[] pixels = size.equals(inputSize) ? colours : BilinearResize.resize(colours, size, inputSize);
        FloatBuffer values = batch.asFloatBuffer();
        float[] plane = new float[inputSize.cells()];
        for (int channel = 0; channel < tables.length; channel++) {
            float[] table = tables[channel];
            int at = preprocessing.channels().rgbIndex(channel);
            for (int i = 0; i < plane.length; i++, at += COLOURS) {
                plane[i] = table[pixels[at] & 0xff];
            }
            values.put(slot * valuesPerImage() + channel * plane.length, plane);
        }
    }

    private int valuesPerImage() {
        return tables.length * inputSize.cells();
    }
}
