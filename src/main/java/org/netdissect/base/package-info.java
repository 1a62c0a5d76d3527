/**
 * What every package needs and none owns: the error a user sees, grid sizes, safe files, digests. Start with {@link
 * org.netdissect.base.InputException}.
 */
@NullMarked
package org.netdissect.base;

import org.jspecify.annotations.NullMarked;
