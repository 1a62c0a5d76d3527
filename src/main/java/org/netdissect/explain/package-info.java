/**
 * One image explained by a run. Start with {@link org.netdissect.explain.Explanation}.
 */
@NullMarked
package org.netdissect.explain;

import org.jspecify.annotations.NullMarked;
