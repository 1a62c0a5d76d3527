/**
 * The activation cache and exact thresholds. Start with {@link org.netdissect.activation.ActivationCache} for files and
 * {@link org.netdissect.activation.ThresholdSelector} for T_k.
 */
@NullMarked
package org.netdissect.activation;

import org.jspecify.annotations.NullMarked;
