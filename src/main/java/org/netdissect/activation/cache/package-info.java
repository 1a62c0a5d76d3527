/**
 * Activations on disk: resumable, verified, repaired, pruned. Start with {@link
 * org.netdissect.activation.cache.ActivationCache}.
 */
@NullMarked
package org.netdissect.activation.cache;

import org.jspecify.annotations.NullMarked;
