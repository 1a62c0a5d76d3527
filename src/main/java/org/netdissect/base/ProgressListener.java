package org.netdissect.base;

/** Hears how far a stage is. Called from any thread, often: implementations are thread-safe and quick. */
@FunctionalInterface
public interface ProgressListener {
    /** A listener that hears nothing. */
    ProgressListener NONE = (done, total) -> {};

    /** {@code done} of {@code total} images are finished. */
    void progress(long done, long total);
}
