package org.netdissect.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.netdissect.base.GridSize;

/**
 * Output of one layer for a batch.
 *
 * @param units number of channels
 * @param map size of one unit's activation map
 * @param values native-order float32 {@code [images][units][map cells]}, outside the Java heap; valid until the {@link
 *     LayerOutputs} are closed
 */
public record LayerOutput(int units, GridSize map, ByteBuffer values) {
    /**
     * Tolerance of rounding, as a fraction of a layer's largest activation: another order of sums changes millionths.
     */
    static final float ROUNDING = 1e-3f;

    /** Tolerance of a repeated pass: a GPU's kernels that add in no fixed order change last digits. */
    static final float LAST_DIGITS = 1e-5f;

    /** The output for one of the {@code images} images. */
    LayerOutput image(int image, int images) {
        int bytes = values.remaining() / images;
        return new LayerOutput(
                units,
                map,
                values.slice(values.position() + image * bytes, bytes).order(values.order()));
    }

    boolean hasBytesOf(LayerOutput other) {
        return values.equals(other.values);
    }

    /**
     * Whether both hold the same activations but for rounding; values that are not finite have to be the same.
     *
     * @param tolerance largest difference, as a fraction of the layer's largest activation
     */
    boolean isCloseTo(LayerOutput other, float tolerance) {
        FloatBuffer mine = singles();
        FloatBuffer others = other.singles();
        if (units != other.units || !map.equals(other.map) || mine.remaining() != others.remaining()) {
            return false;
        }
        float largest = 0;
        float difference = 0;
        for (int i = 0; i < mine.limit(); i++) {
            float one = mine.get(i);
            float two = others.get(i);
            if (Float.isFinite(one) && Float.isFinite(two)) {
                largest = Math.max(largest, Math.abs(two));
                difference = Math.max(difference, Math.abs(one - two));
            } else if (Float.compare(one, two) != 0) {
                return false;
            }
        }
        return difference <= tolerance * largest;
    }

    /** Largest absolute value of the finite activations. */
    float largest() {
        FloatBuffer all = singles();
        float largest = 0;
        for (int i = 0; i < all.limit(); i++) {
            largest = Float.isFinite(all.get(i)) ? Math.max(largest, Math.abs(all.get(i))) : largest;
        }
        return largest;
    }

    private FloatBuffer singles() {
        return values.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
}
