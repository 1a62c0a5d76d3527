package org.netdissect.result;

import java.util.List;

/**
 * Receptive fields of a layer's units, in pixels of the network's input; each list {@code [along the height, along the
 * width]}.
 *
 * @param size pixels of one field, padding included
 * @param stride from one unit to the next
 * @param centre of unit (0, 0), 0-based
 * @param wholeImage whether every unit also depends on the whole image
 */
public record UnitFields(List<Long> size, List<Long> stride, List<Double> centre, boolean wholeImage) {

    public UnitFields {
        size = List.copyOf(size);
        stride = List.copyOf(stride);
        centre = List.copyOf(centre);
    }
}
