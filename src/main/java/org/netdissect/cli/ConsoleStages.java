package org.netdissect.cli;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.netdissect.pipeline.StageListener;

/** Shows stages on stderr: a bar on a terminal, else a plain line every few seconds. */
abstract class ConsoleStages implements StageListener {
    /** Set by the launcher where stderr is a terminal; Java 17 cannot tell. */
    private static final String TERMINAL = "netdissect.terminal";

    private static final long LINE_NANOS = 5_000_000_000L;
    private static final int REFRESH_MILLIS = 200;
    private static final int BAR_LENGTH = 100;

    final PrintStream err;

    private ConsoleStages(PrintStream err) {
        this.err = err;
    }

    static StageListener create(PrintStream err) {
        return Boolean.getBoolean(TERMINAL) ? new Bars(err) : new Lines(err);
    }

    @Override
    public void note(String line) {
        err.println("note: " + line);
    }

    private static final class Bars extends ConsoleStages {
        Bars(PrintStream err) {
            super(err);
        }

        @Override
        public Stage begin(String name, long images) {
            ProgressBar bar = new ProgressBarBuilder()
                    .setTaskName(name)
                    .setInitialMax(images)
                    .setUnit(" images", 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .setMaxRenderedLength(BAR_LENGTH)
                    .setConsumer(new ConsoleProgressBarConsumer(err))
                    .showSpeed()
                    .build();
            return new Stage() {
                @Override
                public void progress(long done, long total) {
                    bar.stepTo(done);
                }

                @Override
                public void close() {
                    bar.close();
                }
            };
        }
    }

    private static final class Lines extends ConsoleStages {
        Lines(PrintStream err) {
            super(err);
        }

        @Override
        public Stage begin(String name, long images) {
            return new LineStage(err, name, images);
        }
    }

    private static final class LineStage implements StageListener.Stage {
        private final PrintStream err;
        private final String name;
        private final long images;
        private final long start = System.nanoTime();
        private long lastLine = start;
        private long first = -1;
        private long done;

        LineStage(PrintStream err, String name, long images) {
            this.err = err;
            this.name = name;
            this.images = images;
        }

        @Override
        public synchronized void progress(long nowDone, long total) {
            if (first < 0) {
                // an interrupted run goes on here; its images are not this run's speed
                first = nowDone == total ? 0 : nowDone;
            }
            done = Math.max(done, nowDone);
            long now = System.nanoTime();
            if (now - lastLine >= LINE_NANOS && done < total) {
                lastLine = now;
                double speed = speed(now);
                err.println(String.format(
                        Locale.ROOT,
                        "%s: %d of %d images, %.1f images/s, %.0f s left",
                        name,
                        done,
                        total,
                        speed,
                        (total - done) / speed));
            }
        }

        private double speed(long now) {
            return (done - Math.max(first, 0)) / Math.max(1e-9, (now - start) / 1e9);
        }

        @Override
        public synchronized void close() {
            if (done == images) {
                long now = System.nanoTime();
                err.println(String.format(
                        Locale.ROOT,
                        "%s: %d images in %.1f s (%.1f images/s)",
                        name,
                        images,
                        (now - start) / 1e9,
                        speed(now)));
            }
        }
    }
}
