package org.netdissect.exported;

import java.util.Optional;
import org.netdissect.weights.StoredTensor;

/** Tensors of an archive by dotted name. */
interface TensorStore {
    /**
     * Finds a tensor.
     *
     * @throws org.netdissect.base.InputException if it is damaged or of a type that cannot be computed with
     */
    Optional<StoredTensor> find(String name);

    /** A store with the tensors of both; this one's go first. */
    default TensorStore or(TensorStore other) {
        return name -> find(name).or(() -> other.find(name));
    }
}
