package org.netdissect.report;

/** A column of a chart: names of concepts, networks and layers may be equal, once cut, keys may not. */
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
