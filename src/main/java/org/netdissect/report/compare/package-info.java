/**
 * Detector tables side by side. Start with {@link org.netdissect.report.compare.CountTable}, what all of them are counted
 * with.
 */
@NullMarked
package org.netdissect.report.compare;

import org.jspecify.annotations.NullMarked;
