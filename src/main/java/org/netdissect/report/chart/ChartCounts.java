package org.netdissect.report.chart;

import java.util.List;

/**
 * Heights of one column or bar of a chart.
 *
 * @param name of the layer or network
 * @param unique unique detectors, by position of the category
 */
public record ChartCounts(String name, List<Integer> unique) {}
