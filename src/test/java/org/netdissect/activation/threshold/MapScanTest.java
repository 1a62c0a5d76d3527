package org.netdissect.activation.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Precision;
import org.netdissect.base.GridSize;

class MapScanTest {
    private static final GridSize MAP = new GridSize(2, 3);
    private static final ActivationShape SHAPE = new ActivationShape(10, 2, MAP);

    private static MapScan.@Nullable NotFinite scan(float... values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        ActivationBlock block = ActivationBlock.computed(4, values.length / 12, 2, MAP, Precision.FLOAT32, bytes);
        return new MapScan(Optional.of(new TopValues(2, 0)), SHAPE).accept(block);
    }

    @Test
    void finiteValuesPass() {
        assertNull(scan(1, 2, 3, 4, 5, 6, -7, -8, Float.MAX_VALUE, -Float.MAX_VALUE, 0, -0f));
    }

    @Test
    void theFirstValueThatIsNoNumberIsNamed() {
        float nan = Float.NaN;
        assertEquals(new MapScan.NotFinite(4, 1, nan, 1, 2), scan(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, nan));
        assertEquals(
                new MapScan.NotFinite(5, 0, Float.NEGATIVE_INFINITY, 0, 1),
                scan(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 1, Float.NEGATIVE_INFINITY, nan, 4, 5, 6, 7, 8, 9, 0, 1, 2));
    }
}
