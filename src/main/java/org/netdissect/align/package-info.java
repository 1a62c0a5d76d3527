/** Compares masks with labels: resizing, counts, IoU, unit labels, counting rules. */
@NullMarked
package org.netdissect.align;

import org.jspecify.annotations.NullMarked;
