/**
 * Compares masks with labels: resizing, counts, IoU, unit labels, counting rules. Start with {@link
 * org.netdissect.align.Alignment} for the pass over images and {@link org.netdissect.align.LayerScores} for its
 * results.
 */
@NullMarked
package org.netdissect.align;

import org.jspecify.annotations.NullMarked;
