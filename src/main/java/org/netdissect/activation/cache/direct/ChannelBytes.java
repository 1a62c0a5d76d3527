package org.netdissect.activation.cache.direct;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads and writes all bytes of a buffer at a position of a file, through the page cache. */
public final class ChannelBytes {
    private ChannelBytes() {}

    /** Fills the buffer from {@code position} on, or to the file's end, and flips it. True if it was filled. */
    public static boolean fill(FileChannel channel, long position, ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = channel.read(buffer, position + buffer.position() - start);
        }
        boolean filled = !buffer.hasRemaining();
        buffer.flip();
        return filled;
    }

    /**
     * Reads {@code length} bytes into the buffer's start; its limit is then their end.
     *
     * @throws EOFException where the file ends before them
     */
    public static ByteBuffer read(FileChannel channel, long position, int length, ByteBuffer buffer)
            throws IOException {
        if (!fill(channel, position, buffer.clear().limit(length))) {
            throw new EOFException();
        }
        return buffer;
    }

    /** Writes the buffer from its position to its limit. */
    public static void write(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }
}
