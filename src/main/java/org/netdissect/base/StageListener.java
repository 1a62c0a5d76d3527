package org.netdissect.base;

/** Receives the stages of a command and notes for the user. */
public interface StageListener {
    /** A stage that runs until it is closed. */
    interface Stage extends ProgressListener, AutoCloseable {
        @Override
        void close();
    }

    /** Begins a stage, with {@code from} of its images done by an earlier run. */
    Stage begin(String name, long from, long images);

    /** Receives a note of one line, such as an assumption or the use of a cache; never an error. */
    void note(String line);
}
