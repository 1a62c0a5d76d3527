package org.netdissect.activation;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.netdissect.base.RunException;
import org.netdissect.base.Workers;

/**
 * Writes arrays past the operating system's page cache, on threads of its own: those that compute activations copy them
 * into one of a few buffers, and wait only where all buffers wait for the disk. One writer serves all layers of a run, so
 * that memory does not grow with their number.
 *
 * <p>Given to {@link ActivationCache#writer(String, ActivationShape, Precision, java.util.Optional)}. {@link DirectOutput}
 * has what happens to the bytes of one span, {@link DirectFile} to those of one file.
 */
public final class DirectWriter implements AutoCloseable {
    static final int BUFFER_BYTES = DirectChannel.LARGEST_BLOCK;

    private static final int BUFFERS = 16;

    /** One write at a time does not keep a disk busy: the next is handed over meanwhile. */
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
     * An empty buffer of {@link #BUFFER_BYTES}, for {@link #write}; waits for one. A thread that holds one must not ask
     * for another: if all did so, none would get it.
     */
    ByteBuffer take() {
        try {
            return free.take().clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunException("interrupted", e);
        }
    }

    /** Writes a buffer of {@link #take}, from its start to its limit, and takes it back whatever happens. */
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

    /** Waits for all writes, whether they fail or not, and ends the threads. */
    @Override
    public void close() {
        threads.shutdown();
        Workers.awaitEnd(threads);
    }
}
