package org.netdissect.activation.cache;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads chunks past the page cache, by reading all blocks that a chunk touches. */
final class DirectInput implements ChunkInput, AutoCloseable {
    private final LayerFile file;
    private final DirectChannel direct;
    private volatile boolean refused;

    DirectInput(LayerFile file, DirectChannel direct) {
        this.file = file;
        this.direct = direct;
    }

    /** Buffer size in bytes that suffices for any alignment of buffer and chunk. */
    int bufferBytes() {
        return Math.addExact(file.chunkBytes(), 3 * direct.block());
    }

    /** Reads a chunk into a buffer of {@link #bufferBytes} or more. */
    @Override
    public ByteBuffer read(int chunk, ByteBuffer buffer) throws IOException {
        if (!refused) {
            try {
                return readDirectly(chunk, buffer);
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                // the page cache reads what direct access refused, or reports the disk's fault
                refused = true;
            }
        }
        return file.readBytes(chunk, buffer);
    }

    private ByteBuffer readDirectly(int chunk, ByteBuffer buffer) throws IOException {
        int block = direct.block();
        long position = file.position(file.firstImage(chunk));
        int before = (int) (position % block);
        int end = before + file.chunkBytes(chunk);
        ByteBuffer blocks = buffer.clear().alignedSlice(block);
        blocks.limit((end + block - 1) / block * block);
        int read = 0;
        while (blocks.position() < end && read >= 0) {
            read = direct.channel().read(blocks, position - before + blocks.position());
        }
        if (blocks.position() < end) {
            throw file.endsWithin(chunk);
        }
        return blocks.slice(before, end - before);
    }

    @Override
    public void close() throws IOException {
        direct.close();
    }
}
