package org.netdissect.activation;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Maps of one layer, readable chunk by chunk, in any order and by several threads: all activations ({@link
 * LayerActivations}), or only the candidates for masks.
 */
public interface MapSource {
    /** Images of the largest chunk of any layer; every layer's chunk divides it. */
    int LARGEST_CHUNK = 8;

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

    /** Buffer size in bytes that {@link #read} needs. */
    int bufferBytes();

    /**
     * Reads a chunk.
     *
     * @param buffer {@link #bufferBytes} or more; holds the block until the next call
     */
    MapBlock read(int chunk, ByteBuffer buffer) throws IOException;

    /** Makes a buffer for {@link #read}, reusable for sources that need no more bytes. */
    default ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(bufferBytes());
    }
}
