/**
 * HTML pages and text for a terminal. Start with {@link org.netdissect.report.HtmlReport}; {@link
 * org.netdissect.report.Pages} writes a page.
 */
@NullMarked
package org.netdissect.report;

import org.jspecify.annotations.NullMarked;
