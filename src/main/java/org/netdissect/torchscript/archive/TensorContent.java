package org.netdissect.torchscript.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Numbers of a tensor, read where they lie whenever they are written. */
public interface TensorContent {
    ElementType type();

    /** Greatest dimension first, as PyTorch gives them; none for a single number. */
    List<Long> sizes();

    /**
     * Writes all numbers in C order, little-endian. Called more than once, from one thread at a time.
     *
     * @throws org.netdissect.base.InputException if the file that holds them is damaged
     */
    void writeTo(OutputStream out) throws IOException;

    /** Number of numbers. */
    default long count() {
        return sizes().stream().reduce(1L, Math::multiplyExact);
    }

    /** Number of bytes that {@link #writeTo} writes. */
    default long bytes() {
        return Math.multiplyExact(count(), type().width());
    }
}
