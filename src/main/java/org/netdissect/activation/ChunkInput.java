package org.netdissect.activation;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a chunk's bytes as they lie in the file, on any thread. */
@FunctionalInterface
interface ChunkInput {
    /**
     * Reads one chunk.
     *
     * @param buffer its content is lost
     * @return the chunk, from position to limit, in {@code buffer}'s memory
     * @throws java.io.EOFException where the file ends before the chunk does
     */
    ByteBuffer read(int chunk, ByteBuffer buffer) throws IOException;
}
