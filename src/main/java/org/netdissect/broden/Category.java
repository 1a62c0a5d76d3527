package org.netdissect.broden;

/**
 * One kind of concept, such as {@code object} or {@code texture}.
 *
 * @param name as in category.csv
 * @param position place in {@link ProbeSet#categories()}, from 0
 */
public record Category(String name, int position) {}
