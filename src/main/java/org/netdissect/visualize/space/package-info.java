/**
 * Images as functions of parameters, their colours and spectra, and the random moves and numbers of an ascent: plain
 * arithmetic without a network. Start with {@link org.netdissect.visualize.space.ImageSpace}.
 */
@NullMarked
package org.netdissect.visualize.space;

import org.jspecify.annotations.NullMarked;
