package org.netdissect.exported;

/**
 * A run of a module: consecutive nodes of the graph.
 *
 * @param path dotted name of the module
 * @param type its qualified class
 * @param first position of its first node
 * @param last position of its last node
 */
record ModuleCall(String path, String type, int first, int last) {}
