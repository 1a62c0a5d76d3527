package org.netdissect.report.chart;

/** The key of a column of a chart: distinct even where shortened names are equal. */
record ChartKey(int position, String text) implements Comparable<ChartKey> {
    @Override
    public int compareTo(ChartKey that) {
        return Integer.compare(position, that.position);
    }

    @Override
    public String toString() {
        return text;
    }
}
