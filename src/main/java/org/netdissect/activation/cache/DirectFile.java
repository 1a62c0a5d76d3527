package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Array file whose whole blocks are written past the page cache and whose other bytes go through it. Several threads
 * may write at once, each to its own bytes.
 */
final class DirectFile implements AutoCloseable {
    private final DirectWriter writer;
    private final LayerFile file;
    private final DirectChannel direct;
    private volatile boolean refused;

    /** Wraps two channels to one file. */
    DirectFile(DirectWriter writer, LayerFile file, DirectChannel direct) {
        this.writer = writer;
        this.file = file;
        this.direct = direct;
    }

    /** Output for the bytes of a span. */
    SpanOutput output(int firstImage) {
        return new DirectOutput(writer, this, file.position(firstImage), direct.block());
    }

    /**
     * Writes all bytes.
     *
     * @param bytes of {@link DirectWriter#take}, from the buffer's start on
     * @throws IOException as {@link LayerFile#write} throws it
     */
    void write(long position, ByteBuffer bytes) throws IOException {
        if (!refused && position % direct.block() == 0 && bytes.remaining() % direct.block() == 0) {
            try {
                writeDirectly(position, bytes);
            } catch (IOException e) {
                // the page cache accepts what direct access refused, or reports why the disk is unusable
                refused = true;
            }
        }
        file.write(position + bytes.position(), bytes);
    }

    private void writeDirectly(long position, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            direct.channel().write(bytes, position + bytes.position());
        }
    }

    @Override
    public void close() throws IOException {
        direct.close();
    }
}
