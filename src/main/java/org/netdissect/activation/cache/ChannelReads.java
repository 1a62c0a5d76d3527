package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Positional reads that fill the whole buffer. */
final class ChannelReads {
    private ChannelReads() {}

    /** Fills the buffer from {@code position} on, or to the file's end, and flips it. True if it was filled. */
    static boolean fill(FileChannel channel, long position, ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = channel.read(buffer, position + buffer.position() - start);
        }
        boolean filled = !buffer.hasRemaining();
        buffer.flip();
        return filled;
    }
}
