package org.netdissect.run;

import java.util.LinkedHashMap;
import java.util.Map;

/** Seconds per stage, in order. */
public final class Stopwatch {
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private long last = System.nanoTime();

    /** Adds the time since the last call to {@code stage}. */
    public void lap(String stage) {
        long now = System.nanoTime();
        seconds.merge(stage, Math.round((now - last) / 1e6) / 1e3, Double::sum);
        last = now;
    }

    public Map<String, Double> seconds() {
        return seconds;
    }
}
