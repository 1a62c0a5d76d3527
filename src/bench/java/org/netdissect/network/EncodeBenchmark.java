package org.netdissect.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.netdissect.BenchItems;
import org.netdissect.base.GridSize;
import org.netdissect.broden.BenchProbe;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;
import org.netdissect.image.Rasters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Turns decoded images into the network's input, batches of 4 on one thread; an item is one input pixel. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class EncodeBenchmark {
    private static final int BATCH = 4;
    private static final int RESIZED = 299;

    private final ProbeSet probe = BenchProbe.open();
    private final List<byte[]> images = decoded(probe);

    private static List<byte[]> decoded(ProbeSet probe) {
        List<byte[]> images = new ArrayList<>();
        try {
            for (ProbeImage image : probe.images()) {
                images.add(Rasters.readRgb(probe.imageFile(image), image.imageSize()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return images;
    }

    /** Images as they are. */
    @Benchmark
    public ByteBuffer asTheyAre(BenchItems items) {
        return encode(probe.images().get(0).imageSize(), items);
    }

    /** Images resized as Pillow does. */
    @Benchmark
    public ByteBuffer resized(BenchItems items) {
        return encode(new GridSize(RESIZED, RESIZED), items);
    }

    private ByteBuffer encode(GridSize size, BenchItems items) {
        InputEncoder encoder = new InputEncoder(Preprocessing.IMAGENET, size);
        ByteBuffer batch = encoder.newBuffer(BATCH);
        for (int i = 0; i < images.size(); i++) {
            encoder.encode(images.get(i), probe.images().get(i).imageSize(), batch, i % BATCH);
            items.add(size.cells(), 1);
        }
        return batch;
    }
}
