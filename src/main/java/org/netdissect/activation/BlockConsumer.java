package org.netdissect.activation;

import java.io.IOException;

/** Takes blocks of activations in order of images. */
@FunctionalInterface
public interface BlockConsumer {
    /** The block's buffer is used again once this returns. */
    void accept(ActivationBlock block) throws IOException;
}
