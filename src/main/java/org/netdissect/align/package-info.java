/**
 * Compares masks with labels: resizing, counts, IoU, unit labels, counting rules. Start with {@link
 * org.netdissect.align.Alignment} for the pass over images, {@link org.netdissect.align.MaskConsumer} for its
 * consumers, and {@link org.netdissect.align.LayerScores} for scores.
 */
@NullMarked
package org.netdissect.align;

import org.jspecify.annotations.NullMarked;
