package org.netdissect.weights;

import java.io.IOException;
import java.util.Optional;

/** The storages of a checkpoint. */
@FunctionalInterface
interface Storages {
    /** The bytes of the storage with a key; empty if there are none. */
    Optional<TensorBytes> bytes(String key) throws IOException;
}
