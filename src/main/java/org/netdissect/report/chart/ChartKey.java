package org.netdissect.report.chart;

/** The key of a column of a chart. Names that are cut may be equal; keys are distinct. */
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
