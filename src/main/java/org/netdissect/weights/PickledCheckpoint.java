package org.netdissect.weights;

import java.nio.file.Path;
import org.netdissect.torchscript.archive.PickleValue;

/**
 * A checkpoint of torch.save: the value that its pickle holds, and the numbers beside it.
 *
 * @param root value of the pickle
 */
record PickledCheckpoint(Path file, PickleValue root, Storages storages) {
    /** Greatest size of a pickle in bytes, sixteen times that of the largest tested network. */
    static final int MAX_PICKLE = 32 << 20;
}
