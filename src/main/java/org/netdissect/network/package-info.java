/** Runs the network under study over images and hands out plain arrays. */
@NullMarked
package org.netdissect.network;

import org.jspecify.annotations.NullMarked;
