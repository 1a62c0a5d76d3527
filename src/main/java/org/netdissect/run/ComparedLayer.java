package org.netdissect.run;

import org.netdissect.result.StoredTable;

/**
 * One layer of a run to compare.
 *
 * @param name dotted name
 * @param table its detectors
 */
public record ComparedLayer(String name, StoredTable table) {}
