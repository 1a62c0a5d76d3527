package org.netdissect.labels;

/**
 * One kind of concept, such as {@code object} or {@code texture}.
 *
 * @param name as tables and messages give it
 * @param position place in {@link LabelSource#categories()}, from 0
 */
public record Category(String name, int position) {}
