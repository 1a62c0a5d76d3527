package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the stored bytes of a chunk, on any thread. */
@FunctionalInterface
interface ChunkInput {
    /**
     * Reads one chunk.
     *
     * @param buffer overwritten
     * @return the chunk, from position to limit, in {@code buffer}'s memory
     * @throws java.io.EOFException where the file ends before the chunk does
     */
    ByteBuffer read(int chunk, ByteBuffer buffer) throws IOException;
}
