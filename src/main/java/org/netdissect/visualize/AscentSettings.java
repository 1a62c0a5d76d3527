package org.netdissect.visualize;

import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.network.FloatTensor;
import org.netdissect.visualize.space.Transforms;

/**
 * Settings of the steps of an ascent.
 *
 * @param steps number of steps
 * @param rate Adam's learning rate
 * @param transforms moves before each step
 * @param variation weight of the total variation, which is taken off the objective; 0 for none
 * @param diversity weight of the likeness of the images of one unit, which is taken off; 0 for none
 * @param leak whether rectifiers may leak for units without a gradient
 * @param seed of all random numbers
 */
record AscentSettings(
        int steps, double rate, Transforms transforms, double variation, double diversity, boolean leak, long seed) {
    /** Arguments of {@code ascent.py}. */
    Map<String, FloatTensor> arguments() {
        Map<String, FloatTensor> arguments = new LinkedHashMap<>();
        arguments.put("rate", FloatTensor.of((float) rate));
        if (variation > 0) {
            arguments.put("variation", FloatTensor.of((float) variation));
        }
        if (diversity > 0) {
            arguments.put("diversity", FloatTensor.of((float) diversity));
        }
        if (leak) {
            arguments.put("leak", FloatTensor.of(1f));
        }
        return arguments;
    }
}
