package org.netdissect.activation.threshold;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.netdissect.BenchItems;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.BenchLayer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Exact thresholds of a whole layer on one thread; an item is one activation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ThresholdBenchmark {
    private final BenchLayer layer = BenchLayer.load();

    /** MapScan and TopValues, as in a run beside the network. */
    @Benchmark
    public Thresholds topValues(BenchItems items) {
        items.add(layer.shape().values(), layer.shape().images());
        return layer.thresholds();
    }

    /** MapScan alone: every value is finite. */
    @Benchmark
    public void checkOnly(BenchItems items) {
        items.add(layer.shape().values(), layer.shape().images());
        layer.scan(Optional.empty());
    }

    /** MapScan and RadixSelector: three passes in bounded memory. */
    @Benchmark
    public Thresholds radix(BenchItems items) {
        items.add(layer.shape().values(), layer.shape().images());
        return layer.thresholdsInThreePasses();
    }

    /** For comparison: the definition, a sort of all values of a unit. */
    @Benchmark
    public float[] sort(BenchItems items) {
        items.add(layer.shape().values(), layer.shape().images());
        float[] thresholds = new float[layer.shape().units()];
        for (int unit = 0; unit < thresholds.length; unit++) {
            float[] values = layer.values(unit);
            Arrays.sort(values);
            thresholds[unit] = values[values.length - 1 - layer.rank()];
        }
        return thresholds;
    }
}
