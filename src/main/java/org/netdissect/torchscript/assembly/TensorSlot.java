package org.netdissect.torchscript.assembly;

import java.util.List;
import org.netdissect.torchscript.archive.ElementType;

/**
 * A parameter or buffer of a module, whose numbers come later.
 *
 * @param sizes expected
 * @param parameter whether it is a parameter, not a buffer
 */
public record TensorSlot(List<Long> sizes, ElementType type, boolean parameter) {
    /** Copies the list. */
    public TensorSlot {
        sizes = List.copyOf(sizes);
    }
}
