/**
 * Charts as SVG and PNG, the only package that knows the chart libraries. Start with {@link
 * org.netdissect.report.chart.Chart}.
 */
@NullMarked
package org.netdissect.report.chart;

import org.jspecify.annotations.NullMarked;
