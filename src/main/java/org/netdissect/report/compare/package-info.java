/**
 * Detector tables side by side. Start with {@link org.netdissect.report.compare.CountTable}, which counts them.
 */
@NullMarked
package org.netdissect.report.compare;

import org.jspecify.annotations.NullMarked;
