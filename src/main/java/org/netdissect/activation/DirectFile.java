package org.netdissect.activation;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An array file to which whole blocks are written past the page cache, and all else through it. Several threads may write
 * at once, each to bytes of its own.
 */
final class DirectFile implements AutoCloseable {
    private final DirectWriter writer;
    private final LayerFile file;
    private final DirectChannel direct;
    private volatile boolean refused;

    /** The same file twice. */
    DirectFile(DirectWriter writer, LayerFile file, DirectChannel direct) {
        this.writer = writer;
        this.file = file;
        this.direct = direct;
    }

    /** Where the bytes of a span go. */
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
                // the page cache takes what this file system or the disk refused, or tells why the disk takes nothing
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
