package org.netdissect.dissect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.MapSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutput;
import org.netdissect.network.LayerOutputs;

/**
 * Network without the engine: activations are a fixed function of image, layer, unit and cell, between -1 and 1. Tests
 * can make it fail at an image, or change the function. Spans run one after the other.
 */
final class FakeNetwork implements NetworkLoader {
    static final int UNITS = 6;
    static final GridSize MAP = new GridSize(4, 4);
    /** Value of {@link #failsAt} for no failure. */
    static final int NEVER = -1;

    /** Position of the image at which passes fail, or {@link #NEVER}; a pass over it clears the failure. */
    int failsAt = NEVER;

    /** Number of passes over {@link #failsAt} that succeed before one fails. */
    int passesBeforeFailure;

    /** Seed of the function. */
    int seed;

    /** Positions of all images that were passed, in order. */
    final List<Integer> passed = new ArrayList<>();

    /** Layers of each network that was loaded. */
    final List<List<String>> loaded = new ArrayList<>();

    /** Thrown at the image {@link #failsAt}. */
    static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    float activation(int image, String layer, int unit, int cell) {
        long bits = ((seed * 31L + image) * 1009 + layer.hashCode()) * 1013 + unit * 101L + cell;
        bits = (bits ^ (bits >>> 17)) * 0xff51afd7ed558ccdL;
        bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return (bits >> 40) / (float) (1 << 23);
    }

    @Override
    public ForwardPass load(ProbedNetwork probed, List<String> layers, Path scratch) {
        loaded.add(layers);
        Map<String, ActivationShape> shapes = new LinkedHashMap<>();
        layers.forEach(layer ->
                shapes.put(layer, new ActivationShape(probed.probe().images().size(), UNITS, MAP)));
        return new Pass(shapes, probed.forward().batch());
    }

    private final class Pass implements ForwardPass {
        private final Map<String, ActivationShape> shapes;
        private final int batch;

        Pass(Map<String, ActivationShape> shapes, int batch) {
            this.shapes = shapes;
            this.batch = batch;
        }

        @Override
        public Map<String, ActivationShape> shapes() {
            return shapes;
        }

        @Override
        public int batchSize() {
            return batch;
        }

        @Override
        public int spanImages() {
            return MapSource.LARGEST_CHUNK;
        }

        @Override
        public <R> void run(Collection<Integer> starts, Spans<R> spans, Results<R> results, ProgressListener progress)
                throws IOException {
            int all = shapes.values().iterator().next().images();
            for (int start : starts) {
                int end = Math.min(start + spanImages(), all);
                Span<R> span = spans.begin(start, end - start);
                for (int first = start; first < end; first += batch) {
                    span.accept(first, outputs(first, Math.min(batch, end - first)));
                }
                results.accept(start, span.end());
                progress.progress(end, all);
            }
        }

        private LayerOutputs outputs(int first, int images) {
            for (int image = first; image < first + images; image++) {
                if (image == failsAt && passesBeforeFailure-- == 0) {
                    passesBeforeFailure = 0;
                    failsAt = NEVER;
                    throw new Interruption();
                }
                passed.add(image);
            }
            Map<String, LayerOutput> outputs = new LinkedHashMap<>();
            for (String layer : shapes.keySet()) {
                ByteBuffer values = ByteBuffer.allocateDirect(images * UNITS * MAP.cells() * Float.BYTES)
                        .order(ByteOrder.nativeOrder());
                for (int image = first; image < first + images; image++) {
                    for (int unit = 0; unit < UNITS; unit++) {
                        for (int cell = 0; cell < MAP.cells(); cell++) {
                            values.putFloat(activation(image, layer, unit, cell));
                        }
                    }
                }
                outputs.put(layer, new LayerOutput(UNITS, MAP, values.flip()));
            }
            return new LayerOutputs(images, outputs, () -> {});
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
