package org.netdissect.base;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs numbered tasks on a few threads and hands on the first failure as it is. */
public final class Workers {
    private Workers() {}

    /** One task. */
    @FunctionalInterface
    public interface Task {
        /** Does number {@code index}. */
        void run(int index) throws IOException;
    }

    /** Makes what one thread needs, such as its buffers, and returns that thread's task. */
    @FunctionalInterface
    public interface TaskFactory {
        /** Called once on every thread. */
        Task newTask() throws IOException;
    }

    /** Runs tasks 0 to count-1; threads take the next number as they get free. The rest is dropped on a failure. */
    public static void run(int threads, int count, TaskFactory factory) throws IOException {
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, count)), runnable -> {
            Thread thread = new Thread(runnable, "netdissect-worker");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < Math.min(threads, count); i++) {
                Callable<Void> loop = () -> {
                    Task task = factory.newTask();
                    for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                        task.run(index);
                    }
                    return null;
                };
                futures.add(pool.submit(loop));
            }
            for (Future<?> future : futures) {
                await(future, next, count);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(Future<?> future, AtomicInteger next, int count) throws IOException {
        try {
            future.get();
        } catch (ExecutionException e) {
            next.set(count);
            throw asThrown(e);
        } catch (InterruptedException e) {
            next.set(count);
            Thread.currentThread().interrupt();
            throw new RunException("interrupted", e);
        }
    }

    /** Rethrows what a task threw: an {@link IOException}, unchecked exception or error. */
    public static IOException asThrown(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IOException(failed);
    }
}
