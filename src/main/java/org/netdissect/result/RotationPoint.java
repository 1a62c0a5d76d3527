package org.netdissect.result;

import java.math.BigDecimal;
import java.util.Map;

/**
 * The counts of a layer in one rotated basis.
 *
 * @param alpha the fraction of the rotation by which the basis is turned, 0 to 1; 0 is the network's original basis
 * @param trial number of the random rotation, from 1
 * @param seed of the random rotation
 * @param counts by counting rule
 */
public record RotationPoint(
        String layer, BigDecimal alpha, int trial, long seed, Map<String, LayerSummary.RuleCounts> counts) {

    public static RotationPoint of(LayerReport report, BigDecimal alpha, int trial, long seed) {
        return new RotationPoint(report.layer(), alpha.stripTrailingZeros(), trial, seed, LayerSummary.counts(report));
    }
}
