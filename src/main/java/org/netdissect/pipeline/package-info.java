/** The stages in order, settings and the run directory. */
@NullMarked
package org.netdissect.pipeline;

import org.jspecify.annotations.NullMarked;
