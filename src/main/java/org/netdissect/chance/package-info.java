/**
 * Comparison of scores with chance: a permutation test with the labels of other images, and a bootstrap over images.
 * Start with {@link org.netdissect.chance.ChanceAnalysis}.
 */
@NullMarked
package org.netdissect.chance;

import org.jspecify.annotations.NullMarked;
