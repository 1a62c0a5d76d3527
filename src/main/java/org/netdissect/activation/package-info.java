/**
 * Activations as plain values: shape, precision, blocks of maps, thresholds. Start with {@link
 * org.netdissect.activation.MapSource}.
 */
@NullMarked
package org.netdissect.activation;

import org.jspecify.annotations.NullMarked;
