package org.netdissect.pipeline;

import org.netdissect.base.ProgressListener;

/** Hears which stage runs and what the user should know. */
public interface StageListener {
    /** A listener that hears nothing. */
    StageListener NONE = new StageListener() {
        @Override
        public Stage begin(String name, long images) {
            return new Stage() {
                @Override
                public void progress(long done, long total) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void note(String line) {}
    };

    /** A stage that runs until it is closed. */
    interface Stage extends ProgressListener, AutoCloseable {
        @Override
        void close();
    }

    /** A stage over so many images begins. */
    Stage begin(String name, long images);

    /** One line that is no error: what was assumed, what was found in the cache. */
    void note(String line);
}
