/**
 * Results of a layer as records and tables, written and read. Start with {@link org.netdissect.result.LayerReport}, the
 * record that tables and pages are made from.
 */
@NullMarked
package org.netdissect.result;

import org.jspecify.annotations.NullMarked;
