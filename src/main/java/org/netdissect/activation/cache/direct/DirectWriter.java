package org.netdissect.activation.cache.direct;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.netdissect.base.RunException;
import org.netdissect.base.Workers;

/**
 * Writes files past the operating system's page cache on separate threads. Computing threads copy bytes into one of a
 * few buffers and wait only while all buffers wait for the disk. One writer serves all files of a run, so memory does
 * not grow with their number.
 */
public final class DirectWriter implements AutoCloseable {
    static final int BUFFER_BYTES = DirectChannel.LARGEST_BLOCK;

    private static final int BUFFERS = 16;

    /** Number of writing threads: one write at a time does not keep a disk busy. */
    private static final int THREADS = 2;

    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(BUFFERS);
    private final ExecutorService threads =
            Executors.newFixedThreadPool(THREADS, Workers.daemons("netdissect-direct-writer"));

    /** Takes 17 MiB outside the heap; {@link #close} ends its threads. */
    public DirectWriter() {
        ByteBuffer memory =
                ByteBuffer.allocateDirect((BUFFERS + 1) * BUFFER_BYTES).alignedSlice(BUFFER_BYTES);
        for (int i = 0; i < BUFFERS; i++) {
            free.add(memory.slice(i * BUFFER_BYTES, BUFFER_BYTES));
        }
    }

    /**
     * Opens a file to be written past the page cache; gives nothing if its chunks are small or the file system has no
     * direct access.
     *
     * @param buffered open for writing, for bytes that are no whole block; stays the caller's
     * @param chunkBytes size of most chunks that are written
     */
    public Optional<DirectFile> open(Path file, FileChannel buffered, int chunkBytes) {
        return DirectChannel.open(file, chunkBytes, StandardOpenOption.WRITE)
                .map(direct -> new DirectFile(this, buffered, direct));
    }

    /**
     * Waits for an empty buffer of {@link #BUFFER_BYTES}, for {@link #write}. A thread must not take a second one
     * before it has written the first, or all threads could wait for each other.
     */
    ByteBuffer take() {
        try {
            return free.take().clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunException("interrupted", e);
        }
    }

    /** Writes a buffer from {@link #take}, from its start to its limit, and always takes it back. */
    Future<?> write(DirectFile file, long position, ByteBuffer staged) {
        return threads.submit(() -> {
            try {
                file.write(position, staged);
            } finally {
                free.add(staged);
            }
            return null;
        });
    }

    /** Waits for all writes, failed ones too, and ends the threads. */
    @Override
    public void close() {
        threads.shutdown();
        Workers.awaitEnd(threads);
    }
}
