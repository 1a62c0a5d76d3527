package org.netdissect.broden;

/** Hears how far a long walk over the images is; may be called from several threads, one call at a time. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = (done, total) -> {};

    /** {@code done} of {@code total} images are through; {@code done} never falls. */
    void progress(int done, int total);
}
