package org.netdissect.network;

import java.nio.ByteBuffer;
import org.netdissect.base.GridSize;

/**
 * A batch of images as input of a network.
 *
 * @param values native-order float32 {@code [images][channels][height][width]}, outside the Java heap; bytes after the
 *     last image are ignored
 * @param images number of images, at least 1
 * @param channels of the network's input: 3, or 1 for grey
 * @param size height and width of the network's input
 */
public record InputBatch(ByteBuffer values, int images, int channels, GridSize size) {
    /** The {@code count} images from {@code first} on; they share this batch's values. */
    InputBatch part(int first, int count) {
        int bytes = bytesPerImage();
        return new InputBatch(values.slice(first * bytes, count * bytes).order(values.order()), count, channels, size);
    }

    /** The batch as plain numbers, {@code [images][channels][height][width]}. */
    public FloatTensor tensor() {
        float[] numbers = new float[Math.multiplyExact(images, bytesPerImage() / Float.BYTES)];
        values.slice(0, numbers.length * Float.BYTES)
                .order(values.order())
                .asFloatBuffer()
                .get(numbers);
        return new FloatTensor(numbers, images, channels, size.height(), size.width());
    }

    int bytesPerImage() {
        return channels * size.cells() * Float.BYTES;
    }
}
