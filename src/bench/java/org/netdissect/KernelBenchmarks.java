package org.netdissect;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.netdissect.activation.cache.BenchLayer;
import org.netdissect.broden.BenchProbe;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks and prints a Markdown table. Run by scripts/bench-kernels.sh.
 *
 * <p>Arguments: folder of a cached layer, or empty for synthetic activations; then arguments of JMH, which win.
 */
final class KernelBenchmarks {
    private KernelBenchmarks() {}

    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        String[] jmh = List.of(args).subList(1, args.length).toArray(String[]::new);
        CommandLineOptions given = new CommandLineOptions(jmh);
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(given)
                        .warmupIterations(given.getWarmupIterations().orElse(4))
                        .warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)))
                        .measurementIterations(given.getMeasurementIterations().orElse(5))
                        .measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)))
                        .forks(given.getForkCount().orElse(2))
                        // no threads of a garbage collector beside the timed thread
                        .jvmArgsAppend(
                                "-XX:+UseSerialGC",
                                "-Xmx2g",
                                "-XX:MaxDirectMemorySize=16g",
                                "-D" + BenchLayer.FOLDER + "=" + args[0])
                        .build())
                .run();
        System.out.println();
        System.out.println("Activations: " + (args[0].isEmpty() ? "made up" : args[0]) + "; images and labels: "
                + BenchProbe.folder());
        System.out.println();
        System.out.println("| kernel, one thread | ms per 750 images | +- (99.9 %) | ns per item |");
        System.out.println("|---|---|---|---|");
        results.forEach(KernelBenchmarks::print);
    }

    private static void print(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        double perImage = result.getSecondaryResults().get("images").getScore();
        double perItem = result.getSecondaryResults().get("items").getScore();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.3f |%n",
                result.getParams().getBenchmark().replaceAll(".*\\.(\\w+)Benchmark\\.", "$1."),
                750 * perImage,
                750 * perImage * time.getScoreError() / time.getScore(),
                1e6 * perItem);
    }
}
