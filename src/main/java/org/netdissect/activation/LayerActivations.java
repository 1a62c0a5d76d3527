package org.netdissect.activation;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * All activations of one layer, readable chunk by chunk, in any order and by several threads at once: as they are cached
 * ({@link CachedLayer}), or computed from what is.
 */
public interface LayerActivations {
    /** Dotted name of the layer. */
    String layer();

    /** Shape of the whole array. */
    ActivationShape shape();

    /** Number of chunks. */
    int chunks();

    /** Images per chunk; the last chunk may have fewer. A power of two, so that chunks of two layers nest. */
    int chunkImages();

    /** Position of a chunk's first image, 0-based. */
    default int firstImage(int chunk) {
        return chunk * chunkImages();
    }

    /** Bytes that {@link #read} needs of a buffer. */
    int bufferBytes();

    /**
     * Reads a chunk.
     *
     * @param buffer of {@link #bufferBytes} or more; the block lives in it until the next call
     */
    ActivationBlock read(int chunk, ByteBuffer buffer) throws IOException;

    /** A buffer that {@link #read} can use again and again, also for activations that need no more bytes. */
    default ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(bufferBytes());
    }

    /** Gives all chunks in order. */
    default void replay(BlockConsumer consumer) throws IOException {
        ByteBuffer buffer = newBuffer();
        for (int chunk = 0; chunk < chunks(); chunk++) {
            consumer.accept(read(chunk, buffer));
        }
    }
}
