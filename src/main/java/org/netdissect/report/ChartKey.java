package org.netdissect.report;

/** A column of a chart: names of concepts and networks may be equal, keys may not. */
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
