/**
 * Basics that every package shares: errors, grid sizes, safe files, digests, workers. Start with {@link
 * org.netdissect.base.InputException}.
 */
@NullMarked
package org.netdissect.base;

import org.jspecify.annotations.NullMarked;
