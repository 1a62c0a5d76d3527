package org.netdissect.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;

/** A run of bytes in a file that holds the numbers of one or more tensors. */
public interface TensorBytes {
    /** Number of bytes. */
    long size();

    /** Order of the bytes of a number. */
    ByteOrder order();

    /**
     * Opens the bytes from an offset on; the caller closes the stream.
     *
     * @throws org.netdissect.base.InputException if they are damaged
     */
    InputStream open(long from) throws IOException;
}
