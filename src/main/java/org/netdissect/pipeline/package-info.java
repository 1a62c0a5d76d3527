/**
 * The stages in order, settings, run directory and provenance. Start with {@link org.netdissect.pipeline.Dissection}.
 */
@NullMarked
package org.netdissect.pipeline;

import org.jspecify.annotations.NullMarked;
