package org.netdissect.activation;

import java.io.IOException;
import java.nio.ByteBuffer;

/** All activations of one layer, from the cache or computed from cached ones. */
public interface LayerActivations extends MapSource {
    /** Dotted name of the layer. */
    String layer();

    @Override
    ActivationBlock read(int chunk, ByteBuffer buffer) throws IOException;

    /** Passes all chunks to the consumer, in order. */
    default void replay(BlockConsumer consumer) throws IOException {
        ByteBuffer buffer = newBuffer();
        for (int chunk = 0; chunk < chunks(); chunk++) {
            consumer.accept(read(chunk, buffer));
        }
    }
}
