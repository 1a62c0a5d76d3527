package org.netdissect.visualize;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;
import org.netdissect.visualize.space.ImageSpace;

/** Images as functions of parameters, and gradient ascent on these: an {@link ImageSpace}, or a {@link Generator}. */
interface Parameterization {
    /** Size of the images. */
    GridSize size();

    /** Lengths of the parameter of a batch. */
    long[] shape(int images);

    /** Writes the parameter that an image starts with. */
    void start(Random random, float[] parameter, int at);

    /**
     * Makes steps.
     *
     * @param group one target for each image
     * @param moves {@code [steps][images][2][3]}, or {@code [steps]} without moves
     * @param options further arguments of {@code ascent.py} by name
     */
    AscentState ascend(AscentState state, List<Target> group, FloatTensor moves, Map<String, FloatTensor> options);

    /** The images {@code [images][channels][height][width]} of parameters. */
    FloatTensor images(FloatTensor parameters);

    /** Numbers of one image's parameter. */
    default int numbers() {
        int numbers = 1;
        for (long length : shape(1)) {
            numbers = Math.toIntExact(numbers * length);
        }
        return numbers;
    }
}
