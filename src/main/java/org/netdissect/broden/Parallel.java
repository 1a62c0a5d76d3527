package org.netdissect.broden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.netdissect.base.RunException;

/** Does something for each of many images with a few threads, holding no more than one image per thread. */
final class Parallel {
    private Parallel() {}

    /** Work on the item at an index. */
    @FunctionalInterface
    interface Task {
        void run(int index) throws IOException;
    }

    /** Runs the task for 0 to before {@code count}; ends at the first failure, which is thrown. */
    static void forEach(int count, int threads, Task task) throws IOException {
        int workers = Math.max(1, Math.min(threads, count));
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                running.add(pool.submit(() -> {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        task.run(i);
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunException("interrupted while reading the probe set", e);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } finally {
            next.set(count);
            pool.shutdownNow();
        }
    }

    private static IOException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof RuntimeException failure) {
            throw failure;
        }
        if (cause instanceof Error failure) {
            throw failure;
        }
        return cause instanceof IOException failure ? failure : new IOException(cause);
    }
}
