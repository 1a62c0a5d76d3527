/**
 * Detector tables as files and as text, charts and pages. Start with {@link org.netdissect.report.LayerReport}, the record
 * all forms are made from; a chart is a {@link org.netdissect.report.Chart}, a page is written by {@link
 * org.netdissect.report.Pages}.
 */
@NullMarked
package org.netdissect.report;

import org.jspecify.annotations.NullMarked;
