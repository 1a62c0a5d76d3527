/**
 * Detector tables, their text, charts and pages. Start with {@link org.netdissect.report.LayerReport}, the record that
 * all forms are made from; a page is written by {@link org.netdissect.report.Pages}.
 */
@NullMarked
package org.netdissect.report;

import org.jspecify.annotations.NullMarked;
