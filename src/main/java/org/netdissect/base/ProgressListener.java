package org.netdissect.base;

/** Receives the progress of a stage. Any thread may call it, and often: implementations are thread-safe and quick. */
@FunctionalInterface
public interface ProgressListener {
    /** A listener that ignores all progress. */
    ProgressListener NONE = (done, total) -> {};

    /** Called when {@code done} of {@code total} images are finished. */
    void progress(long done, long total);
}
