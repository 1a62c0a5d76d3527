package org.netdissect.activation.cache.direct;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * File whose whole blocks are written past the page cache and whose other bytes go through it. Several threads may
 * write at once, each to its own bytes.
 */
public final class DirectFile implements AutoCloseable {
    private final DirectWriter writer;
    private final FileChannel buffered;
    private final DirectChannel direct;
    private volatile boolean refused;

    /** Wraps two channels to one file. */
    DirectFile(DirectWriter writer, FileChannel buffered, DirectChannel direct) {
        this.writer = writer;
        this.buffered = buffered;
        this.direct = direct;
    }

    /** Output for the bytes from {@code position} of the file on. */
    public SpanOutput output(long position) {
        return new DirectOutput(writer, this, position, direct.block());
    }

    /**
     * Writes all bytes.
     *
     * @param bytes of {@link DirectWriter#take}, from the buffer's start on
     */
    void write(long position, ByteBuffer bytes) throws IOException {
        if (!refused && position % direct.block() == 0 && bytes.remaining() % direct.block() == 0) {
            try {
                ChannelBytes.write(direct.channel(), position, bytes);
            } catch (IOException e) {
                // the page cache accepts what direct access refused, or reports why the disk is unusable
                refused = true;
            }
        }
        ChannelBytes.write(buffered, position + bytes.position(), bytes);
    }

    /** Closes the direct channel, after the writer has ended; the other one is the caller's. */
    @Override
    public void close() throws IOException {
        direct.channel().close();
    }
}
