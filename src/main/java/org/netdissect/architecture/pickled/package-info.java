/**
 * Code of pickled networks, from the attributes of their modules. Start with {@link
 * org.netdissect.architecture.pickled.PickledNetworks}.
 */
@NullMarked
package org.netdissect.architecture.pickled;

import org.jspecify.annotations.NullMarked;
