package org.netdissect.base;

/** Hears which stage runs and what the user should know. */
public interface StageListener {
    /** A stage that runs until it is closed. */
    interface Stage extends ProgressListener, AutoCloseable {
        @Override
        void close();
    }

    /** A stage begins, with {@code from} of its images done by an earlier run. */
    Stage begin(String name, long from, long images);

    /** One line that is no error: what was assumed, what was found in the cache. */
    void note(String line);
}
