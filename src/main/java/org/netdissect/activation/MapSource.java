package org.netdissect.activation;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Maps of one layer for masks, readable chunk by chunk, in any order and by several threads at once: all activations
 * ({@link LayerActivations}), or what of them may lie in masks ({@link ActiveMaps}).
 */
public interface MapSource {
    /** Shape of the whole layer. */
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
    MapBlock read(int chunk, ByteBuffer buffer) throws IOException;

    /** A buffer that {@link #read} can use again and again, also for sources that need no more bytes. */
    default ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(bufferBytes());
    }
}
