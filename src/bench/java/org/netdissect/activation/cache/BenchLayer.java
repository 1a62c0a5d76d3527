package org.netdissect.activation.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.MapScan;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.GridSize;

/**
 * Activations of a layer in memory: of the cached layer whose folder the property {@value #FOLDER} names, else
 * synthetic ones like fire9 of SqueezeNet 1.1 on Places365.
 */
public final class BenchLayer {
    /** Property that names a layer's folder in the cache, with activations.npy and manifest.json. */
    public static final String FOLDER = "bench.layer";

    private static final BigDecimal TOP_FRACTION = new BigDecimal("0.005");
    private static final int CHUNK = 16;
    private static final int COARSE = 5;

    private final ActivationShape shape;
    private final List<ActivationBlock> blocks;

    private BenchLayer(ActivationShape shape, List<ActivationBlock> blocks) {
        this.shape = shape;
        this.blocks = blocks;
    }

    /** Layer that the property names, else a synthetic one. */
    public static BenchLayer load() {
        String folder = System.getProperty(FOLDER, "");
        try {
            return folder.isEmpty() ? synthetic(new ActivationShape(750, 512, new GridSize(13, 13))) : read(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BenchLayer read(String folder) throws IOException {
        Path path = Path.of(folder);
        try (CachedLayer layer = CachedLayer.open(path, Manifest.read(path.resolve(ActivationCache.MANIFEST)))) {
            List<ActivationBlock> blocks = new ArrayList<>();
            for (int chunk = 0; chunk < layer.chunks(); chunk++) {
                blocks.add(layer.read(chunk, layer.newBuffer()));
            }
            return new BenchLayer(layer.shape(), blocks);
        }
    }

    /**
     * Smooth maps, with images of different strength for each unit, leaky below zero. A quarter of the maps have a
     * value of their unit's top 0.5 %, as in the real layer.
     */
    private static BenchLayer synthetic(ActivationShape shape) {
        Random random = new Random(20170721);
        float[] coarse = new float[COARSE * COARSE];
        List<ActivationBlock> blocks = new ArrayList<>();
        for (int first = 0; first < shape.images(); first += CHUNK) {
            int images = Math.min(CHUNK, shape.images() - first);
            ByteBuffer bytes = ByteBuffer.allocateDirect(images * shape.valuesPerImage() * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            FloatBuffer values = bytes.asFloatBuffer();
            for (int map = 0; map < images * shape.units(); map++) {
                float mean = 0.45f * (float) random.nextGaussian();
                for (int i = 0; i < coarse.length; i++) {
                    coarse[i] = mean + (float) random.nextGaussian();
                }
                addMap(coarse, shape.map(), values);
            }
            blocks.add(ActivationBlock.stored(first, images, shape, Precision.FLOAT32, bytes));
        }
        return new BenchLayer(shape, blocks);
    }

    private static void addMap(float[] coarse, GridSize map, FloatBuffer values) {
        for (int y = 0; y < map.height(); y++) {
            float v = (float) y * (COARSE - 1) / map.height();
            int row = ((int) v) * COARSE;
            for (int x = 0; x < map.width(); x++) {
                float u = (float) x * (COARSE - 1) / map.width();
                int at = row + (int) u;
                float upper = coarse[at] + (u - (int) u) * (coarse[at + 1] - coarse[at]);
                float lower = coarse[at + COARSE] + (u - (int) u) * (coarse[at + COARSE + 1] - coarse[at + COARSE]);
                float value = upper + (v - (int) v) * (lower - upper);
                values.put(value > 0 ? value : 0.3f * value);
            }
        }
    }

    /** Images, units and map size. */
    public ActivationShape shape() {
        return shape;
    }

    /** All activations, in order. */
    public List<ActivationBlock> blocks() {
        return blocks;
    }

    /** Exact thresholds of the top 0.5 %, by the scan of a dissection. */
    public Thresholds thresholds() {
        return select(
                ThresholdSelector.onePass(shape, TOP_FRACTION, Long.MAX_VALUE).orElseThrow());
    }

    /** Exact thresholds in three passes of bounded memory. */
    public Thresholds thresholdsInThreePasses() {
        return select(ThresholdSelector.threePasses(shape, TOP_FRACTION));
    }

    private Thresholds select(ThresholdSelector selector) {
        do {
            scan(Optional.of(selector));
        } while (!selector.endPass());
        return selector.thresholds();
    }

    /** One pass of {@link MapScan}; without a selector values are only checked. */
    public void scan(Optional<ThresholdSelector> selector) {
        MapScan scan = new MapScan(selector, shape);
        for (ActivationBlock block : blocks) {
            if (scan.accept(block) != null) {
                throw new IllegalStateException("an activation is not finite");
            }
        }
    }

    /** All values of a unit, image after image. */
    public float[] values(int unit) {
        int cells = shape.map().cells();
        float[] all = new float[Math.toIntExact(shape.valuesPerUnit())];
        float[] map = new float[cells];
        for (ActivationBlock block : blocks) {
            for (int image = 0; image < block.images(); image++) {
                block.read(image, unit, map);
                System.arraycopy(map, 0, all, (block.firstImage() + image) * cells, cells);
            }
        }
        return all;
    }

    /** 0-based rank of the threshold in descending order. */
    public int rank() {
        return Math.toIntExact(Quantile.rank(TOP_FRACTION, shape.valuesPerUnit()));
    }
}
