package org.netdissect.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.netdissect.activation.ActivationShape;
import org.netdissect.base.ProgressListener;

/**
 * Forward passes over the images of a probe set, span by span. A span is a sequence of batches; spans run in parallel,
 * and the calling thread takes their results in order.
 */
public interface ForwardPass extends AutoCloseable {
    /** Shapes of the tapped layers' activations over the whole probe set. */
    Map<String, ActivationShape> shapes();

    /** Images per batch: the number asked for, or 1 where the network takes no more. */
    int batchSize();

    /** Images per span; the last may have fewer. */
    int spanImages();

    /**
     * One span, batch by batch in order, on one of the pass's threads.
     *
     * @param <R> result for the calling thread
     */
    interface Span<R> {
        /** Takes a batch from position {@code firstImage} of the probe set on; the outputs are closed afterwards. */
        void accept(int firstImage, LayerOutputs outputs) throws IOException;

        /** Ends the span after its last batch. */
        R end() throws IOException;
    }

    /** Begins spans, on the pass's threads. */
    @FunctionalInterface
    interface Spans<R> {
        /** Begins a span of {@code images} images from position {@code firstImage} on. */
        Span<R> begin(int firstImage, int images) throws IOException;
    }

    /** Takes the spans' results in order, on the thread that runs the pass. */
    @FunctionalInterface
    interface Results<R> {
        /** Takes the result of the span from position {@code firstImage} of the probe set on. */
        void accept(int firstImage, R result) throws IOException;
    }

    /**
     * Runs from image {@code from}, a span's start, to the end. The first failure of any part ends all and is thrown.
     */
    default <R> void run(int from, Spans<R> spans, Results<R> results, ProgressListener progress) throws IOException {
        int images = shapes().values().iterator().next().images();
        List<Integer> starts = new ArrayList<>();
        for (int first = from; first < images; first += spanImages()) {
            starts.add(first);
        }
        run(starts, spans, results, progress);
    }

    /** Runs the spans that start at {@code starts}. The first failure of any part ends all and is thrown. */
    <R> void run(Collection<Integer> starts, Spans<R> spans, Results<R> results, ProgressListener progress)
            throws IOException;

    /** Frees the network. */
    @Override
    void close();
}
