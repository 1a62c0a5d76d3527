package org.netdissect.visualize;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.GridSize;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.Preprocessing;

/**
 * From an image, red, green and blue from 0 to 1, to the network's input: {@code (channel * factor - mean) / std}.
 *
 * @param channels colours of the image
 * @param order image's channel of each channel of the input: rising, or falling for blue, green, red
 * @param factor 255 divided by the pixel scale
 * @param mean by channel of the input
 * @param std by channel of the input
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
record NetworkInput(int channels, int[] order, float factor, List<Float> mean, List<Float> std) {
    private static final float WHITE = 255;

    static NetworkInput of(Preprocessing preprocessing) {
        int[] order = switch (preprocessing.channels()) {
            case RGB -> new int[] {0, 1, 2};
            case BGR -> new int[] {2, 1, 0};
            case GREY -> new int[] {0};
        };
        return new NetworkInput(
                preprocessing.channels() == ChannelOrder.GREY ? 1 : order.length,
                order,
                WHITE / preprocessing.pixelScale(),
                preprocessing.mean(),
                preprocessing.std());
    }

    /** Arguments of {@code ascent.py}. */
    Map<String, FloatTensor> constants(GridSize input) {
        Map<String, FloatTensor> constants = new LinkedHashMap<>();
        if (order[0] > 0) {
            constants.put("reversed", FloatTensor.of(1f));
        }
        float[] gain = new float[order.length];
        float[] shift = new float[order.length];
        for (int i = 0; i < order.length; i++) {
            gain[i] = (float) ((double) factor / std.get(i));
            shift[i] = (float) ((0.5 * factor - mean.get(i)) / std.get(i));
        }
        constants.put("gain", new FloatTensor(gain, 1, gain.length, 1, 1));
        constants.put("shift", new FloatTensor(shift, 1, shift.length, 1, 1));
        constants.put("input", FloatTensor.of(input.height(), input.width()));
        return constants;
    }

    /** All values, for run.json. */
    String text() {
        return "order " + Arrays.toString(order) + ", factor " + factor + ", mean " + mean + ", std " + std;
    }
}
