/**
 * The stages of a dissection in the paper's order: inputs, activations, alignment, scores, tables, report. Start with
 * {@link org.netdissect.dissect.Dissection}.
 */
@NullMarked
package org.netdissect.dissect;

import org.jspecify.annotations.NullMarked;
