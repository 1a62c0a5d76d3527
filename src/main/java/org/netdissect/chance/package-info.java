/**
 * How much of what alignment finds is chance: masks paired with the labels of other images, and images drawn again. Start
 * with {@link org.netdissect.chance.ChanceAnalysis}.
 */
@NullMarked
package org.netdissect.chance;

import org.jspecify.annotations.NullMarked;
