package org.netdissect.broden;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.netdissect.BenchItems;
import org.netdissect.image.Rasters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Reads and decodes files of a probe set on one thread, from the page cache; an item is one decoded pixel. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class DecodeBenchmark {
    private final ProbeSet probe = BenchProbe.open();

    /** All images. */
    @Benchmark
    public void images(BenchItems items, Blackhole sink) throws IOException {
        for (ProbeImage image : probe.images()) {
            byte[] rgb = Rasters.readRgb(probe.imageFile(image), image.imageSize());
            items.add(rgb.length / 3, 1);
            sink.consume(rgb);
        }
    }

    /** All label planes, without labels that would count twice. */
    @Benchmark
    public void labels(BenchItems items, Blackhole sink) throws IOException {
        for (ProbeImage image : probe.images()) {
            items.add((long) planes(image) * image.labelSize().cells(), 1);
            sink.consume(probe.readLabels(image));
        }
    }

    private static int planes(ProbeImage image) {
        int planes = 0;
        for (var cells : image.cells()) {
            for (Cell cell : cells) {
                planes += cell instanceof Cell.Plane ? 1 : 0;
            }
        }
        return planes;
    }
}
