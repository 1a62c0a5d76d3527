package org.netdissect.activation;

import java.io.IOException;

/** Takes blocks of activations in order of images. */
@FunctionalInterface
public interface BlockConsumer {
    /** Takes one block; its buffer is reused after this returns. */
    void accept(ActivationBlock block) throws IOException;
}
