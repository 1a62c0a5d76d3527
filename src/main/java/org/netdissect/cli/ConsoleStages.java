package org.netdissect.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.netdissect.base.StageListener;

/** Progress of stages on stderr: a bar on a terminal, else a line every few seconds. */
final class ConsoleStages implements StageListener {
    /** System property that the launcher sets if stderr is a terminal, which Java 17 cannot detect. */
    private static final String TERMINAL = "netdissect.terminal";

    private static final int REFRESH_MILLIS = 200;
    private static final int BAR_LENGTH = 100;

    private final PrintWriter lines;
    private final PrintStream terminal;

    /** Lines and bars both go to stderr; bars need the stream itself for carriage returns. */
    ConsoleStages(PrintWriter lines, PrintStream terminal) {
        this.lines = lines;
        this.terminal = terminal;
    }

    /** The stream behind bars and lines, for a command that runs another one. */
    PrintStream terminal() {
        return terminal;
    }

    @Override
    public void note(String line) {
        lines.println("note: " + line);
    }

    @Override
    public Stage begin(String name, long from, long images) {
        return Boolean.getBoolean(TERMINAL) ? bar(name, from, images) : new Lines(lines, name, from);
    }

    private Stage bar(String name, long from, long images) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(images)
                .startsFrom(from, Duration.ZERO)
                .setUnit(" images", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setMaxRenderedLength(BAR_LENGTH)
                .setConsumer(new ConsoleProgressBarConsumer(terminal))
                .showSpeed()
                .build();
        return new Stage() {
            @Override
            public void progress(long done, long total) {
                bar.maxHint(total);
                bar.stepTo(done);
            }

            @Override
            public void close() {
                bar.close();
            }
        };
    }

    private static final class Lines implements Stage {
        private static final long PAUSE_NANOS = 5_000_000_000L;

        private final PrintWriter out;
        private final String name;
        private final long from;
        private final long start = System.nanoTime();
        private long lastLine = start;
        private long done;
        private long total;

        Lines(PrintWriter out, String name, long from) {
            this.out = out;
            this.name = name;
            this.from = from;
            this.done = from;
        }

        @Override
        public synchronized void progress(long nowDone, long ofTotal) {
            done = Math.max(done, nowDone);
            total = ofTotal;
            long now = System.nanoTime();
            if (now - lastLine >= PAUSE_NANOS && done < total) {
                lastLine = now;
                print(
                        "%s: %d of %d images, %.1f images/s, %.0f s left",
                        name, done, total, speed(now), (total - done) / speed(now));
            }
        }

        /** Images per second, without the images of an earlier run. */
        private double speed(long now) {
            return Math.max((double) (done - from), 1e-9) / Math.max(1e-9, (now - start) / 1e9);
        }

        @Override
        public synchronized void close() {
            if (total > 0 && done == total) {
                long now = System.nanoTime();
                print("%s: %d images in %.1f s (%.1f images/s)", name, done - from, (now - start) / 1e9, speed(now));
            }
        }

        private void print(String format, Object... values) {
            out.println(String.format(Locale.ROOT, format, values));
        }
    }
}
