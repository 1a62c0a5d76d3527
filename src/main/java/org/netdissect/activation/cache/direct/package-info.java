/**
 * Direct I/O past the operating system's page cache, for files so large that they would drive everything else out of
 * it. Start with {@link org.netdissect.activation.cache.direct.DirectWriter} and {@link
 * org.netdissect.activation.cache.direct.DirectInput}; both go through the page cache where direct access is refused.
 */
@NullMarked
package org.netdissect.activation.cache.direct;

import org.jspecify.annotations.NullMarked;
