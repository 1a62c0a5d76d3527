/**
 * Thresholds T_k, exact or from sketches, and candidate cells for masks. Start with {@link
 * org.netdissect.activation.threshold.ThresholdSelector}.
 */
@NullMarked
package org.netdissect.activation.threshold;

import org.jspecify.annotations.NullMarked;
