package org.netdissect.torchscript.field;

/**
 * Receptive fields of a layer's units in pixels of the network's input.
 *
 * @param rows along the height
 * @param columns along the width
 * @param wholeImage whether every unit also depends on the whole image, as after squeeze-and-excitation or a group
 *     norm; rows and columns then describe the path that keeps positions apart
 */
public record ReceptiveField(FieldAxis rows, FieldAxis columns, boolean wholeImage) {}
