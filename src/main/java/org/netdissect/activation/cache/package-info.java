/**
 * Activations on disk: resumable, verified, repaired, pruned. Start with {@link
 * org.netdissect.activation.cache.ActivationCache}. Direct I/O past the page cache is behind {@link
 * org.netdissect.activation.cache.SpanOutput} and {@link org.netdissect.activation.cache.ChunkInput}.
 */
@NullMarked
package org.netdissect.activation.cache;

import org.jspecify.annotations.NullMarked;
