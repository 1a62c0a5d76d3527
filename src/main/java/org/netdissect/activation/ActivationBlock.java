package org.netdissect.activation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.netdissect.base.GridSize;

/**
 * Activations of a few consecutive images: {@code [images][units][map cells]}, little-endian, in the precision of the
 * cache. Thresholds and masks are computed from these stored values.
 */
public final class ActivationBlock implements MapBlock {
    private final int firstImage;
    private final int images;
    private final int units;
    private final GridSize map;
    private final Precision precision;
    private final ByteBuffer bytes;
    private final FloatBuffer singles;
    private final ShortBuffer halves;

    private ActivationBlock(
            int firstImage, int images, int units, GridSize map, Precision precision, ByteBuffer littleEndian) {
        this.firstImage = firstImage;
        this.images = images;
        this.units = units;
        this.map = map;
        this.precision = precision;
        this.bytes = littleEndian.order(ByteOrder.LITTLE_ENDIAN);
        this.singles = bytes.asFloatBuffer();
        this.halves = bytes.asShortBuffer();
    }

    /** Wraps bytes read from the cache; {@code bytes} spans the block from position to limit. */
    public static ActivationBlock stored(
            int firstImage, int images, ActivationShape shape, Precision precision, ByteBuffer bytes) {
        return new ActivationBlock(firstImage, images, shape.units(), shape.map(), precision, bytes.slice());
    }

    /**
     * Makes a block from the engine's output.
     *
     * @param singles little-endian float32 values {@code [images][units][map cells]}, position to limit; not copied
     *     where the precision is float32, so they must live as long as the block
     */
    public static ActivationBlock computed(
            int firstImage, int images, int units, GridSize map, Precision precision, ByteBuffer singles) {
        ByteBuffer values = singles.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (precision == Precision.FLOAT16) {
            FloatBuffer source = values.asFloatBuffer();
            ByteBuffer rounded = ByteBuffer.allocateDirect(source.remaining() * precision.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            ShortBuffer target = rounded.asShortBuffer();
            while (source.hasRemaining()) {
                target.put(HalfFloats.fromFloat(source.get()));
            }
            values = rounded;
        }
        return new ActivationBlock(firstImage, images, units, map, precision, values);
    }

    @Override
    public int firstImage() {
        return firstImage;
    }

    @Override
    public int images() {
        return images;
    }

    @Override
    public int units() {
        return units;
    }

    @Override
    public GridSize map() {
        return map;
    }

    @Override
    public void read(int image, int unit, float[] target) {
        read(image, unit, 0, map.cells(), target, 0);
    }

    /**
     * Reads a part of a map.
     *
     * @param image 0-based within the block
     * @param cell first cell of the map, row by row
     * @param target gets {@code cells} values from {@code offset} on
     */
    public void read(int image, int unit, int cell, int cells, float[] target, int offset) {
        int from = (image * units + unit) * map.cells() + cell;
        if (precision == Precision.FLOAT32) {
            singles.get(from, target, offset, cells);
        } else {
            for (int i = 0; i < cells; i++) {
                target[offset + i] = HalfFloats.toFloat(halves.get(from + i));
            }
        }
    }

    /** The stored bytes of images {@code from .. to-1} of the block. */
    public ByteBuffer bytes(int from, int to) {
        int perImage = units * map.cells() * precision.bytes();
        return bytes.slice(from * perImage, (to - from) * perImage);
    }
}
