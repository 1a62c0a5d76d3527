/**
 * Families of networks whose code is known, so that a file of weights is enough. Start with {@link
 * org.netdissect.architecture.Architectures}.
 */
@NullMarked
package org.netdissect.architecture;

import org.jspecify.annotations.NullMarked;
