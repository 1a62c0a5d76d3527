package org.netdissect.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.netdissect.activation.ActivationShape;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;

/**
 * Stage 2's motor: several workers, each of which decodes a batch and runs the network on it with one engine thread; the
 * calling thread hands the outputs to a consumer in order of images.
 *
 * <p>Workers side by side, rather than many engine threads in one batch, because the engine's numbers depend on how many
 * threads share a batch, and those of one thread do not. It is also faster on few cores, and decoding needs no threads of
 * its own. Batches in flight are bounded, so that memory does not grow with the number of images.
 */
public final class ForwardPass {
    /** Batches computed and waiting for their turn, beside those being worked on. */
    private static final int WAITING = 2;

    private final Network network;
    private final ImageBatches batches;
    private final int workers;

    /** A pass of {@code network} over {@code batches}. */
    public ForwardPass(Network network, ImageBatches batches, int workers) {
        this.network = network;
        this.batches = batches;
        this.workers = workers;
    }

    /** Shapes of all layers' activations over the whole probe set, found by running the first images. */
    public Map<String, ActivationShape> shapes() throws IOException {
        ByteBuffer buffer = batches.newBuffer();
        // Two images, if there are two: an output that has no row for each image shows then.
        int images = Math.min(batches.decode(0, buffer), 2);
        Map<String, ActivationShape> shapes = new LinkedHashMap<>();
        try (LayerOutputs outputs = network.forward(buffer, images, batches.inputSize())) {
            outputs.layers()
                    .forEach((layer, output) ->
                            shapes.put(layer, new ActivationShape(batches.images(), output.units(), output.map())));
        }
        return shapes;
    }

    /** Takes the outputs of one batch, in order of images, on the thread that runs the pass. */
    @FunctionalInterface
    public interface Consumer {
        /** {@code firstImage} is the batch's first position in the probe set; the outputs are closed afterwards. */
        void accept(int firstImage, LayerOutputs outputs) throws IOException;
    }

    /** Runs from image {@code from} to the end. The first failure of any part ends all and is thrown. */
    public void run(int from, Consumer consumer, ProgressListener progress) throws IOException {
        BlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(workers);
        for (int i = 0; i < workers; i++) {
            buffers.add(batches.newBuffer());
        }
        ExecutorService pool = Executors.newFixedThreadPool(workers, Workers.daemons("netdissect-forward"));
        Deque<Future<LayerOutputs>> inFlight = new ArrayDeque<>();
        try {
            int next = from;
            int first = from;
            while (first < batches.images()) {
                while (next < batches.images() && inFlight.size() < workers + WAITING) {
                    inFlight.add(pool.submit(compute(next, buffers)));
                    next += batches.batchSize();
                }
                try (LayerOutputs outputs = Workers.get(inFlight.remove())) {
                    consumer.accept(first, outputs);
                    first += outputs.images();
                }
                progress.progress(first, batches.images());
            }
        } finally {
            end(pool);
            closeAll(inFlight);
        }
    }

    private Callable<LayerOutputs> compute(int first, BlockingQueue<ByteBuffer> buffers) {
        return () -> {
            ByteBuffer buffer = buffers.take();
            try {
                int images = batches.decode(first, buffer);
                return network.forward(buffer, images, batches.inputSize());
            } finally {
                buffers.add(buffer);
            }
        };
    }

    /** Waits for the batches being worked on: the network must not be closed under their hands. */
    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** After a failure: frees what the workers still gave. Their own failures are consequences or the same again. */
    private static void closeAll(Deque<Future<LayerOutputs>> inFlight) {
        for (Future<LayerOutputs> future : inFlight) {
            if (future.isDone() && !future.isCancelled()) {
                try {
                    Workers.get(future).close();
                } catch (IOException | RuntimeException sameOrLater) {
                    // the failure that ends the pass is thrown; this one has nothing to free
                }
            }
        }
    }
}
