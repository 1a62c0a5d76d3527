package org.netdissect.activation.cache.direct;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads a file past the page cache, by reading all blocks that a chunk touches. Thread-safe. */
public final class DirectInput implements AutoCloseable {
    private final FileChannel buffered;
    private final DirectChannel direct;
    private volatile boolean refused;

    DirectInput(FileChannel buffered, DirectChannel direct) {
        this.buffered = buffered;
        this.direct = direct;
    }

    /**
     * Opens a file; gives nothing if its chunks are small or the file system has no direct access.
     *
     * @param buffered open for reading, for what direct access refuses; stays the caller's
     * @param chunkBytes size of most chunks that are read
     */
    public static Optional<DirectInput> open(Path file, FileChannel buffered, int chunkBytes) {
        return DirectChannel.open(file, chunkBytes, StandardOpenOption.READ)
                .map(direct -> new DirectInput(buffered, direct));
    }

    /** Size in bytes of a buffer that suffices for any alignment of itself and of a chunk of {@code chunkBytes}. */
    public int bufferBytes(int chunkBytes) {
        return Math.addExact(chunkBytes, 3 * direct.block());
    }

    /**
     * Reads {@code length} bytes.
     *
     * @param buffer of {@link #bufferBytes} or more; overwritten
     * @return the bytes, from position to limit, in {@code buffer}'s memory
     * @throws EOFException where the file ends before them
     */
    public ByteBuffer read(long position, int length, ByteBuffer buffer) throws IOException {
        if (!refused) {
            try {
                return readDirectly(position, length, buffer);
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                // the page cache reads what direct access refused, or reports the disk's fault
                refused = true;
            }
        }
        return ChannelBytes.read(buffered, position, length, buffer);
    }

    private ByteBuffer readDirectly(long position, int length, ByteBuffer buffer) throws IOException {
        int block = direct.block();
        int before = (int) (position % block);
        int end = before + length;
        ByteBuffer blocks = buffer.clear().alignedSlice(block);
        blocks.limit((end + block - 1) / block * block);
        int read = 0;
        while (blocks.position() < end && read >= 0) {
            read = direct.channel().read(blocks, position - before + blocks.position());
        }
        if (blocks.position() < end) {
            throw new EOFException();
        }
        return blocks.slice(before, length);
    }

    @Override
    public void close() throws IOException {
        direct.channel().close();
    }
}
