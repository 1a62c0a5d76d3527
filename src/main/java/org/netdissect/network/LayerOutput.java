package org.netdissect.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.netdissect.base.GridSize;

/**
 * What one layer gave for a batch.
 *
 * @param units number of channels
 * @param map size of one unit's activation map
 * @param values native-order float32 {@code [images][units][map cells]}, outside the Java heap; valid until the {@link
 *     LayerOutputs} are closed
 */
public record LayerOutput(int units, GridSize map, ByteBuffer values) {
    /** Rounding in another order changes activations by some millionths of the layer's greatest. */
    private static final float ROUNDING = 1e-3f;

    /** Whether both hold the same activations but for rounding. Values that are not finite are never close. */
    boolean isCloseTo(LayerOutput other) {
        FloatBuffer mine = singles();
        FloatBuffer others = other.singles();
        if (units != other.units || !map.equals(other.map) || mine.remaining() != others.remaining()) {
            return false;
        }
        float greatest = 0;
        float difference = 0;
        for (int i = 0; i < mine.limit(); i++) {
            greatest = Math.max(greatest, Math.abs(others.get(i)));
            difference = Math.max(difference, Math.abs(mine.get(i) - others.get(i)));
        }
        return difference <= ROUNDING * greatest;
    }

    private FloatBuffer singles() {
        return values.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
}
