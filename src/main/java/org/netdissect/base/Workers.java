package org.netdissect.base;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs numbered tasks on a few threads and rethrows the first failure unchanged. */
public final class Workers {
    private Workers() {}

    /** A numbered task. */
    @FunctionalInterface
    public interface Task {
        /** Runs the task for one number. */
        void run(int index) throws IOException;
    }

    /** Makes the task of one thread, with buffers and the like for that thread alone. */
    @FunctionalInterface
    public interface TaskFactory {
        /** Called once on every thread. */
        Task newTask() throws IOException;
    }

    /** Runs one task, shared by all threads, with numbers 0 to count-1; see the other {@code run}. */
    public static void run(int threads, int count, Task task) throws IOException {
        run(threads, count, () -> task);
    }

    /**
     * Runs numbers 0 to count-1; each thread takes the next number when it is free. The first failure stops all and is
     * thrown.
     */
    public static void run(int threads, int count, TaskFactory factory) throws IOException {
        int workers = Math.max(1, Math.min(threads, count));
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(workers, daemons("netdissect-worker"));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                running.add(pool.submit(() -> {
                    try {
                        Task task = factory.newTask();
                        for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                            task.run(index);
                        }
                    } finally {
                        next.set(count);
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                get(future);
            }
        } finally {
            next.set(count);
            pool.shutdownNow();
        }
    }

    /** Starts to compute a value on a new thread; {@link #get} waits for it. */
    public static <T> Future<T> start(Callable<T> value) {
        FutureTask<T> task = new FutureTask<>(value);
        daemons("netdissect-ahead").newThread(task).start();
        return task;
    }

    /** Waits for a task and rethrows its exception. */
    public static <T> T get(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw asThrown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunException("interrupted", e);
        }
    }

    /** Waits until the tasks of a pool that was shut down have ended, then restores an interruption. */
    public static void awaitEnd(ExecutorService pool) {
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes threads that do not keep the process alive. */
    public static ThreadFactory daemons(String name) {
        return runnable -> {
            Thread thread = new Thread(runnable, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static IOException asThrown(ExecutionException failed) {
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
