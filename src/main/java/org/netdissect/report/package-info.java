/**
 * Detector tables as files and as text. Start with {@link org.netdissect.report.LayerReport}, the record all forms are made
 * from.
 */
@NullMarked
package org.netdissect.report;

import org.jspecify.annotations.NullMarked;
