package org.netdissect.network;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.netdissect.activation.ActivationShape;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;

/**
 * Forward passes of several workers. Each decodes the images of a span, runs the network on them with one engine
 * thread, and goes on with the next span.
 *
 * <p>The engine's numbers depend on the number of threads that share a batch; with one thread each they do not. Workers
 * side by side are also faster on few cores, and decoding needs no further threads. Spans in flight are bounded, so
 * that memory does not grow with the number of images.
 */
public final class ParallelPass implements ForwardPass {
    /** Number of finished spans that may wait for their turn. */
    private static final int WAITING = 2;

    private final TappedForward network;
    private final ImageBatches batches;
    private final int spanImages;
    private final int workers;
    private final Map<String, ActivationShape> shapes;

    private ParallelPass(
            TappedForward network,
            ImageBatches batches,
            int chunkImages,
            int workers,
            Map<String, ActivationShape> shapes) {
        this.network = network;
        this.batches = batches;
        this.spanImages = leastCommonMultiple(batches.batchSize(), chunkImages);
        this.workers = workers;
        this.shapes = shapes;
    }

    /**
     * A pass of {@code network} over {@code batches}, after {@link Trial a trial} with the first images: the network
     * runs one image at a time where an image's activations would depend on others, and in the wanted memory format
     * where it gives the same activations in that.
     *
     * @param network is closed with the pass
     * @param chunkImages images per chunk; a span holds a whole number of chunks, and of batches
     * @param notes takes the reasons why it runs otherwise than asked for
     */
    public static ParallelPass tried(
            TappedForward network,
            ImageBatches batches,
            MemoryFormat wanted,
            int chunkImages,
            int workers,
            Consumer<String> notes)
            throws IOException {
        ImageBatches first = batches.of(Math.min(batches.batchSize(), Trial.PAIR));
        ByteBuffer buffer = first.newBuffer();
        Trial.Outcome outcome = Trial.of(network, first.input(buffer, first.decode(0, buffer)), wanted);
        outcome.notes().forEach(notes);
        Map<String, ActivationShape> shapes = new LinkedHashMap<>();
        outcome.layers()
                .forEach((layer, size) ->
                        shapes.put(layer, new ActivationShape(batches.images(), size.units(), size.map())));
        return new ParallelPass(network, outcome.oneByOne() ? batches.of(1) : batches, chunkImages, workers, shapes);
    }

    private static int leastCommonMultiple(int a, int b) {
        int largest = BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).intValue();
        return Math.multiplyExact(a / largest, b);
    }

    @Override
    public Map<String, ActivationShape> shapes() {
        return shapes;
    }

    @Override
    public int batchSize() {
        return batches.batchSize();
    }

    @Override
    public int spanImages() {
        return spanImages;
    }

    @Override
    public <R> void run(Collection<Integer> starts, Spans<R> spans, Results<R> results, ProgressListener progress)
            throws IOException {
        BlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(workers);
        for (int i = 0; i < workers; i++) {
            buffers.add(batches.newBuffer());
        }
        ExecutorService pool = Executors.newFixedThreadPool(workers, Workers.daemons("netdissect-forward"));
        Deque<Future<R>> inFlight = new ArrayDeque<>();
        try {
            Iterator<Integer> next = starts.iterator();
            for (int first : starts) {
                while (next.hasNext() && inFlight.size() < workers + WAITING) {
                    inFlight.add(pool.submit(span(next.next(), spans, buffers)));
                }
                results.accept(first, Workers.get(inFlight.remove()));
                progress.progress(Math.min(first + spanImages, batches.images()), batches.images());
            }
        } finally {
            pool.shutdownNow();
            // workers that still run must not find the network closed
            Workers.awaitEnd(pool);
        }
    }

    private <R> Callable<R> span(int start, Spans<R> spans, BlockingQueue<ByteBuffer> buffers) {
        return () -> {
            ByteBuffer buffer = buffers.take();
            try {
                int end = Math.min(start + spanImages, batches.images());
                Span<R> span = spans.begin(start, end - start);
                int first = start;
                while (first < end) {
                    int images = batches.decode(first, buffer);
                    try (LayerOutputs outputs = network.forward(batches.input(buffer, images))) {
                        span.accept(first, outputs);
                    }
                    first += images;
                }
                return span.end();
            } finally {
                buffers.add(buffer);
            }
        };
    }

    @Override
    public void close() {
        network.network().close();
    }
}
