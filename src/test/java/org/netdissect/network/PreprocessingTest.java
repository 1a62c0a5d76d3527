package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.netdissect.base.Failures;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

class PreprocessingTest {
    private static final byte[] TWO_PIXELS = {10, 20, 30, (byte) 200, (byte) 210, (byte) 255};

    private static float[] encode(Preprocessing preprocessing) {
        GridSize size = new GridSize(1, 2);
        InputEncoder encoder = new InputEncoder(preprocessing, size);
        ByteBuffer batch = encoder.newBuffer(2);
        encoder.encode(TWO_PIXELS, size, batch, 1);
        float[] values = new float[12];
        batch.asFloatBuffer().get(values);
        return values;
    }

    @Test
    void planesInChannelOrder() {
        Preprocessing rgb = new Preprocessing(ChannelOrder.RGB, 1, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 10, 200, 20, 210, 30, 255}, encode(rgb));
        Preprocessing bgr = new Preprocessing(ChannelOrder.BGR, 1, List.of(1f, 2f, 3f), List.of(1f, 2f, 4f));
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 0, 0, 29, 254, 9, 104, 1.75f, 49.25f},
                encode(bgr),
                "mean of blue comes first");
    }

    @Test
    void scaleComesBeforeMean() {
        float[] values = encode(Preprocessing.IMAGENET);
        assertEquals((10 / 255f - 0.485f) / 0.229f, values[6]);
        assertEquals((255 / 255f - 0.406f) / 0.225f, values[11]);
    }

    @Test
    void impossibleValuesAreRefused() {
        List<Float> zeros = List.of(0f, 0f, 0f);
        List<Float> ones = List.of(1f, 1f, 1f);
        assertThrows(InputException.class, () -> new Preprocessing(ChannelOrder.RGB, 0, zeros, ones));
        assertThrows(InputException.class, () -> new Preprocessing(ChannelOrder.RGB, Float.NaN, zeros, ones));
        assertThrows(InputException.class, () -> new Preprocessing(ChannelOrder.RGB, 1, zeros, List.of(1f, 0f, 1f)));
        String two = Failures.message(
                InputException.class, () -> new Preprocessing(ChannelOrder.RGB, 1, List.of(1f, 2f), ones));
        assertTrue(two.contains("three"), two);
    }

    @Test
    void tokensMakeAGridOfSquarePatches() {
        GridSize square = new GridSize(224, 224);
        assertEquals(Optional.of(new GridSize(14, 14)), AxesSpec.patches(196, square));
        assertEquals(Optional.of(new GridSize(7, 7)), AxesSpec.patches(49, square));
        assertEquals(Optional.empty(), AxesSpec.patches(197, square));
        assertEquals(Optional.empty(), AxesSpec.patches(0, square));
        assertEquals(Optional.of(new GridSize(8, 4)), AxesSpec.patches(32, new GridSize(128, 64)));
    }

    @Test
    void devicesHaveFourForms() {
        List.of("auto", "cpu", "gpu", "gpu:0", "gpu:12").forEach(ComputeDevice::new);
        for (String wrong : List.of("", "cuda", "gpu:", "gpu:x", "gpu:-1", "CPU")) {
            assertThrows(InputException.class, () -> new ComputeDevice(wrong), wrong);
        }
    }
}
