package org.netdissect.activation;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.util.Optional;

/**
 * A second way to an array file, past the operating system's page cache. It reads and writes whole blocks only, from and
 * to memory that is aligned as they are.
 *
 * @param block bytes that positions, lengths and addresses are multiples of
 */
record DirectChannel(FileChannel channel, int block) implements AutoCloseable {
    /** The largest block: what is aligned to it is aligned to all. */
    static final int LARGEST_BLOCK = 1 << 20;

    /** The largest page of memory in use: no page must be written in both ways, lest one overwrites the other. */
    private static final int LEAST_BLOCK = 64 << 10;

    /** A chunk has so many blocks at least: of shorter ones too much lies in blocks that they share. */
    private static final int BLOCKS_PER_CHUNK = 8;

    /** Opens the file, or gives nothing where its chunks are small or its file system does not know this way. */
    static Optional<DirectChannel> open(LayerFile file, OpenOption access) {
        try {
            long block = Math.max(LEAST_BLOCK, Files.getFileStore(file.path()).getBlockSize());
            if (LARGEST_BLOCK % block != 0 || file.chunkBytes() < BLOCKS_PER_CHUNK * block) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(file.path(), access, ExtendedOpenOption.DIRECT);
            return Optional.of(new DirectChannel(channel, Math.toIntExact(block)));
        } catch (IOException | UnsupportedOperationException e) {
            // what keeps the file from being used at all shows when it is used through the page cache
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
