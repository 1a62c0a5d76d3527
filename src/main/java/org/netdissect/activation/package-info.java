/** The activation cache and exact thresholds. */
@NullMarked
package org.netdissect.activation;

import org.jspecify.annotations.NullMarked;
