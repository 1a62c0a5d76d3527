package org.netdissect.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.ImageParts;
import org.netdissect.align.LayerScores;
import org.netdissect.align.MaskCounts;
import org.netdissect.align.MaskFile;
import org.netdissect.align.MaskRule;
import org.netdissect.align.NodePlacement;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.ProbeSet;

/** Layer with given masks: its maps have the size of label grids, so that a mask is its map. */
final class DrawnLayer implements LayerActivations {
    private static final int CHUNK = 4;

    private final GridSize map;
    /** [images][units][pixels] */
    private final boolean[][][] masks;

    DrawnLayer(GridSize map, boolean[][][] masks) {
        this.map = map;
        this.masks = masks;
    }

    /** Aligns the layer with a probe set; its masks are in a file that the caller closes. */
    BaselineAnalysis.Layer align(ProbeSet probe, AlignmentRules rules, Path folder, int threads) throws IOException {
        int[] all = IntStream.range(0, masks.length).toArray();
        return align(probe, rules, folder, threads, all);
    }

    /** Aligns the layer as above, with masks of some images. */
    BaselineAnalysis.Layer align(ProbeSet probe, AlignmentRules rules, Path folder, int threads, int[] chosen)
            throws IOException {
        float[] bounds = new float[shape().units()];
        Arrays.fill(bounds, 0.5f);
        Thresholds thresholds = new Thresholds(bounds);
        MaskFile file = new MaskFile(folder, masks.length, chosen, bounds.length);
        MaskCounts counts = new MaskCounts(
                bounds.length, probe.labels().size(), probe.categories().size(), ImageParts.WHOLE);
        MaskRule rule = new MaskRule(thresholds, NodePlacement.HALF_PIXEL, rules.comparison());
        Alignment.Target target = new Alignment.Target(0, false, rule, List.of(counts, file));
        Alignment alignment = new Alignment(probe, rules, List.of(target));
        alignment.run(List.of(this), threads, ProgressListener.NONE);
        LayerScores scores = LayerScores.of(counts.all(), probe.labels(), thresholds, rules.zero());
        return new BaselineAnalysis.Layer(counts.all(), scores, file);
    }

    @Override
    public String layer() {
        return "drawn";
    }

    @Override
    public ActivationShape shape() {
        return new ActivationShape(masks.length, masks[0].length, map);
    }

    @Override
    public int chunks() {
        return (masks.length + CHUNK - 1) / CHUNK;
    }

    @Override
    public int chunkImages() {
        return CHUNK;
    }

    @Override
    public int bufferBytes() {
        return CHUNK * shape().valuesPerImage() * Float.BYTES;
    }

    @Override
    public ActivationBlock read(int chunk, ByteBuffer buffer) {
        int first = firstImage(chunk);
        int images = Math.min(CHUNK, masks.length - first);
        ByteBuffer bytes = ByteBuffer.allocateDirect(bufferBytes()).order(ByteOrder.nativeOrder());
        for (int image = first; image < first + images; image++) {
            for (boolean[] mask : masks[image]) {
                for (boolean pixel : mask) {
                    bytes.putFloat(pixel ? 1 : 0);
                }
            }
        }
        return ActivationBlock.computed(first, images, masks[0].length, map, Precision.FLOAT32, bytes.rewind());
    }
}
