package org.netdissect.torchscript.field;

/**
 * Which pixels of the network's input the units of a layer see.
 *
 * @param rows along the height
 * @param columns along the width
 * @param wholeImage whether every unit depends on all of the image besides, as behind squeeze-and-excitation or a group
 *     norm; its field along the axes is then that of the path that keeps places apart
 */
public record ReceptiveField(FieldAxis rows, FieldAxis columns, boolean wholeImage) {}
