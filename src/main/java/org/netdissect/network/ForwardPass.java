package org.netdissect.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.netdissect.activation.ActivationShape;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;

/**
 * Stage 2's motor: decodes images ahead, runs the network on the calling thread, hands outputs to a consumer on a third.
 * The three overlap on bounded queues, so that memory does not grow with the number of images.
 */
public final class ForwardPass {
    /** Batches decoded ahead. */
    private static final int AHEAD = 3;
    /** Batches computed and not yet consumed: they hold the engine's memory. */
    private static final int BEHIND = 2;

    private final Network network;
    private final ImageBatches batches;
    private final int decoders;

    /** A pass of {@code network} over {@code batches} with so many decoding threads. */
    public ForwardPass(Network network, ImageBatches batches, int decoders) {
        this.network = network;
        this.batches = batches;
        this.decoders = decoders;
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

    /** Takes the outputs of one batch. Called in order, always from one thread; the outputs are closed afterwards. */
    @FunctionalInterface
    public interface Consumer {
        /** {@code firstImage} is the batch's first position in the probe set. */
        void accept(int firstImage, LayerOutputs outputs) throws IOException;
    }

    private record Decoded(int first, int images, ByteBuffer buffer) {}

    /** Runs from image {@code from} to the end. The first failure of any part ends all and is thrown. */
    public void run(int from, Consumer consumer, ProgressListener progress) throws IOException {
        ExecutorService decoding = Executors.newFixedThreadPool(decoders, Workers.daemons("netdissect-decode"));
        ExecutorService consuming = Executors.newSingleThreadExecutor(Workers.daemons("netdissect-store"));
        Deque<ByteBuffer> buffers = new ArrayDeque<>();
        for (int i = 0; i < AHEAD + 1; i++) {
            buffers.add(batches.newBuffer());
        }
        Deque<Future<Decoded>> ahead = new ArrayDeque<>();
        Deque<Future<Void>> behind = new ArrayDeque<>();
        try {
            int next = from;
            while (next < batches.images() || !ahead.isEmpty()) {
                while (next < batches.images() && ahead.size() < AHEAD) {
                    ahead.add(decoding.submit(decode(next, buffers.remove())));
                    next += batches.batchSize();
                }
                Decoded batch = Workers.get(ahead.remove());
                LayerOutputs outputs = network.forward(batch.buffer(), batch.images(), batches.inputSize());
                buffers.add(batch.buffer());
                behind.add(consuming.submit(consume(batch.first(), outputs, consumer, progress)));
                while (behind.size() > BEHIND) {
                    Workers.get(behind.remove());
                }
            }
            while (!behind.isEmpty()) {
                Workers.get(behind.remove());
            }
        } finally {
            decoding.shutdownNow();
            finish(consuming);
        }
    }

    private Callable<Decoded> decode(int first, ByteBuffer buffer) {
        return () -> new Decoded(first, batches.decode(first, buffer), buffer);
    }

    private Callable<Void> consume(int first, LayerOutputs outputs, Consumer consumer, ProgressListener progress) {
        return () -> {
            try (outputs) {
                consumer.accept(first, outputs);
            }
            progress.progress(first + outputs.images(), batches.images());
            return null;
        };
    }

    /** Lets the running consumer end, so that no output is freed under its hands and no file is left half-written. */
    private static void finish(ExecutorService consuming) {
        consuming.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = consuming.awaitTermination(1, java.util.concurrent.TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
