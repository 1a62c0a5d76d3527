/**
 * Runs the network under study over images and hands out plain arrays; the only package that imports ai.djl. Start with
 * {@link org.netdissect.network.LoadedNetwork} for the network and {@link org.netdissect.network.ForwardPass} for the
 * stage.
 */
@NullMarked
package org.netdissect.network;

import org.jspecify.annotations.NullMarked;
