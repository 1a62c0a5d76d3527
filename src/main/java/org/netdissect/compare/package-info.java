/**
 * Runs and published tables side by side. Start with {@link org.netdissect.compare.RunComparison}; {@link
 * org.netdissect.compare.CountTable} counts detectors.
 */
@NullMarked
package org.netdissect.compare;

import org.jspecify.annotations.NullMarked;
