/**
 * The baseline, how much of an alignment is chance: masks paired with the labels of other images, and a bootstrap over
 * images. Start with {@link org.netdissect.chance.ChanceAnalysis}.
 */
@NullMarked
package org.netdissect.chance;

import org.jspecify.annotations.NullMarked;
