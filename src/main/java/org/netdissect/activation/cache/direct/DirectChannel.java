package org.netdissect.activation.cache.direct;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Channel past the operating system's page cache, in whole blocks and from memory aligned to blocks.
 *
 * @param block bytes that positions, lengths and addresses are multiples of
 */
record DirectChannel(FileChannel channel, int block) {
    /** Largest block size in bytes; memory aligned to it is aligned to every block size. */
    static final int LARGEST_BLOCK = 1 << 20;

    /** Smallest block size in bytes: the largest memory page in use, so that no page is written both ways. */
    private static final int LEAST_BLOCK = 64 << 10;

    /** Fewest blocks per chunk; shorter chunks would share too many of their blocks. */
    private static final int BLOCKS_PER_CHUNK = 8;

    /** Opens the file; gives nothing if its chunks are small or the file system has no direct access. */
    static Optional<DirectChannel> open(Path file, int chunkBytes, OpenOption access) {
        try {
            long block = Math.max(LEAST_BLOCK, Files.getFileStore(file).getBlockSize());
            if (LARGEST_BLOCK % block != 0 || chunkBytes < BLOCKS_PER_CHUNK * block) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(file, access, ExtendedOpenOption.DIRECT);
            return Optional.of(new DirectChannel(channel, Math.toIntExact(block)));
        } catch (IOException | UnsupportedOperationException e) {
            // a file that cannot be used at all fails again, with its message, through the page cache
            return Optional.empty();
        }
    }
}
