/**
 * Comparison of scores with chance: a permutation test with the labels of other images, and a bootstrap over images.
 * Start with {@link org.netdissect.baseline.BaselineAnalysis}.
 */
@NullMarked
package org.netdissect.baseline;

import org.jspecify.annotations.NullMarked;
