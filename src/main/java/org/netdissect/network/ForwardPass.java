package org.netdissect.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
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
 * Stage 2's motor: several workers, each of which decodes images and runs the network on them with one engine thread. A
 * worker takes a span of some batches, does with the outputs what is to be done with them, and goes on with the next
 * span; the calling thread gets the spans' results in order of images.
 *
 * <p>Workers side by side, rather than many engine threads in one batch, because the engine's numbers depend on how many
 * threads share a batch, and those of one thread do not. It is also faster on few cores, and decoding needs no threads of
 * its own. Spans in flight are bounded, so that memory does not grow with the number of images.
 */
public final class ForwardPass {
    /** Spans done and waiting for their turn, beside those being worked on. */
    private static final int WAITING = 2;

    private final Network network;
    private final ImageBatches batches;
    private final int spanImages;
    private final int workers;
    private final Map<String, ActivationShape> shapes;

    private ForwardPass(
            Network network, ImageBatches batches, int chunkImages, int workers, Map<String, ActivationShape> shapes) {
        this.network = network;
        this.batches = batches;
        this.spanImages = leastCommonMultiple(batches.batchSize(), chunkImages);
        this.workers = workers;
        this.shapes = shapes;
    }

    /**
     * A pass of {@code network} over {@code batches}, after {@link Trial a trial} with the first images: the network runs
     * one image at a time where an image's activations would depend on others, and in the order of memory that is
     * wanted where it gives the same activations so.
     *
     * @param chunkImages a span holds a whole number of chunks of so many images, and of batches
     * @param notes takes why it runs otherwise than asked for
     */
    public static ForwardPass tried(
            Network network,
            ImageBatches batches,
            MemoryFormat wanted,
            int chunkImages,
            int workers,
            Consumer<String> notes)
            throws IOException {
        int images = Math.min(batches.batchSize(), Trial.PAIR);
        ImageBatches first = batches.of(images);
        ByteBuffer input = first.newBuffer();
        first.decode(0, input);
        if (images == Trial.PAIR) {
            Trial.tellApart(input);
        }
        Trial.Outcome outcome = Trial.of(network, input, images, batches.inputSize(), wanted);
        outcome.notes().forEach(notes);
        Map<String, ActivationShape> shapes = new LinkedHashMap<>();
        outcome.layers()
                .forEach((layer, size) ->
                        shapes.put(layer, new ActivationShape(batches.images(), size.units(), size.map())));
        return new ForwardPass(network, outcome.oneByOne() ? batches.of(1) : batches, chunkImages, workers, shapes);
    }

    private static int leastCommonMultiple(int a, int b) {
        int greatest = a;
        for (int rest = b; rest != 0; ) {
            int next = greatest % rest;
            greatest = rest;
            rest = next;
        }
        return Math.multiplyExact(a / greatest, b);
    }

    /** Shapes of all layers' activations over the whole probe set. */
    public Map<String, ActivationShape> shapes() {
        return shapes;
    }

    /** Images per forward pass: as many as were asked for, or 1 where the network takes no more. */
    public int batchSize() {
        return batches.batchSize();
    }

    /** Images per span; the last may have fewer. */
    public int spanImages() {
        return spanImages;
    }

    /**
     * What is done with one span, on the worker's thread, batch by batch in order.
     *
     * @param <R> what it leaves for the calling thread
     */
    public interface Span<R> {
        /** {@code firstImage} is the batch's first position in the probe set; the outputs are closed afterwards. */
        void accept(int firstImage, LayerOutputs outputs) throws IOException;

        /** After the last batch. */
        R end() throws IOException;
    }

    /** Begins spans, on the workers' threads. */
    @FunctionalInterface
    public interface Spans<R> {
        /** A span of {@code images} images from position {@code firstImage} on. */
        Span<R> begin(int firstImage, int images) throws IOException;
    }

    /** Takes the spans' results in order, on the thread that runs the pass. */
    @FunctionalInterface
    public interface Results<R> {
        /** {@code firstImage} is the span's first position in the probe set. */
        void accept(int firstImage, R result) throws IOException;
    }

    /** Runs from image {@code from}, a span's start, to the end. The first failure of any part ends all and is thrown. */
    public <R> void run(int from, Spans<R> spans, Results<R> results, ProgressListener progress) throws IOException {
        List<Integer> starts = new ArrayList<>();
        for (int first = from; first < batches.images(); first += spanImages) {
            starts.add(first);
        }
        run(starts, spans, results, progress);
    }

    /** Runs the spans that start at {@code starts}. */
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
            // the network must not be closed under their hands
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
                    try (LayerOutputs outputs = network.forward(buffer, images, batches.inputSize())) {
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
}
