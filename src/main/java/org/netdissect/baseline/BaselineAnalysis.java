package org.netdissect.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.CountColumns;
import org.netdissect.align.LayerScores;
import org.netdissect.align.MaskFile;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.RunException;
import org.netdissect.base.Workers;
import org.netdissect.labels.LabelSource;

/**
 * Compares scores with chance. A permutation test pairs each unit's masks with the labels of other images that hold the
 * same categories and takes the best IoU. Truth does not change, nor does activation unless it depends on the labels
 * that a mask touches. A bootstrap over images gives an interval for each score; the quick form omits it. Results
 * depend on the seed, not on the number of threads or the memory.
 */
public final class BaselineAnalysis {
    private final LabelSource probe;
    private final AlignmentRules rules;
    private final double iouThreshold;
    private final BaselineSettings settings;
    private final List<Layer> layers;
    private final CountColumns columns;
    private final int[] images;
    private final Pairing pairing;
    private final Draws draws;

    /**
     * Alignment of one layer.
     *
     * @param counts counts over all images
     * @param scores scores from these counts
     * @param masks masks on at least the images of {@link BaselineSample}
     */
    public record Layer(AlignmentCounts counts, LayerScores scores, MaskFile masks) {}

    /** Receiver of each layer's draws when they are complete. */
    @FunctionalInterface
    public interface Keeper {
        /** Stores the draws of a layer, named by its position; {@link BaselineCodec#decode} reads them. */
        void keep(int layer, ByteBuffer bytes);
    }

    /**
     * An analysis of one or more layers that were aligned with the same images.
     *
     * @param iouThreshold bound that a detector's score exceeds
     */
    public BaselineAnalysis(
            LabelSource probe,
            AlignmentRules rules,
            double iouThreshold,
            BaselineSettings settings,
            List<Layer> layers) {
        this.probe = probe;
        this.rules = rules;
        this.iouThreshold = iouThreshold;
        this.settings = settings;
        this.layers = List.copyOf(layers);
        this.columns = CountColumns.of(probe.labels(), probe.categories().size(), rules);
        this.images = BaselineSample.of(probe.count(), settings);
        MaskFile masks = layers.get(0).masks();
        List<BitSet> held = new ArrayList<>();
        List<GridSize> grids = new ArrayList<>();
        for (int image : images) {
            held.add(masks.held(image));
            grids.add(probe.labelSize(image));
        }
        this.pairing = Pairing.of(images, held, grids, settings.seed());
        this.draws = Draws.of(pairing, settings);
    }

    /** Runs the analysis without storing draws. */
    public List<LayerBaseline> run(int threads, long memory, ProgressListener progress) throws IOException {
        return run(threads, memory, progress, null);
    }

    /**
     * Runs the analysis. Labels are read once for every group of units whose counts fit into memory.
     *
     * @param memory bytes for counts; a single unit may exceed them
     * @param keeper gets the draws of layers that {@link BaselineCodec#fits}, or null
     * @return one result for each layer, in order
     */
    public List<LayerBaseline> run(int threads, long memory, ProgressListener progress, @Nullable Keeper keeper)
            throws IOException {
        requireCountable();
        List<LayerBaseline> baselines = new ArrayList<>();
        List<List<UnitRange>> tiles = UnitRange.tiles(layers, unitsAtOnce(memory, settings));
        ImagePass pass = new ImagePass(probe, rules, pairing, settings);
        long perTile = images.length;
        AtomicInteger tilesDone = new AtomicInteger();
        LayerDraws layerDraws = newDraws(0, keeper);
        for (List<UnitRange> tile : tiles) {
            List<PairingCounts> parts = new ArrayList<>();
            for (UnitRange range : tile) {
                parts.add(newPart(layers.get(range.layer()), range.from(), range.until()));
            }
            pass.run(
                    parts,
                    threads,
                    (done, all) -> progress.progress(tilesDone.get() * perTile + done, tiles.size() * perTile));
            tilesDone.incrementAndGet();
            for (int i = 0; i < parts.size(); i++) {
                UnitRange range = tile.get(i);
                layerDraws = range.from() == 0 ? newDraws(range.layer(), keeper) : layerDraws;
                score(parts.get(i), layerDraws, threads);
                if (range.until() == layerDraws.units()) {
                    baselines.add(finish(range.layer(), layerDraws, threads, memory, keeper));
                }
            }
        }
        return baselines;
    }

    private PairingCounts newPart(Layer layer, int from, int until) {
        return new PairingCounts(layer, from, until, columns, pairing, settings);
    }

    /** Makes an empty collection of draws; only one layer's draws are in memory at a time. */
    private LayerDraws newDraws(int layer, @Nullable Keeper keeper) {
        int units = layers.get(layer).counts().units();
        boolean keepsDraws = keeper != null && BaselineCodec.fits(units, draws.count());
        return new LayerDraws(units, iouThreshold, draws.count(), images.length, pairing.unpaired(), keepsDraws);
    }

    private LayerBaseline finish(int layer, LayerDraws layerDraws, int threads, long memory, @Nullable Keeper keeper)
            throws IOException {
        if (settings.method() == BaselineMethod.QUICK) {
            drawMore(layers.get(layer), layerDraws, threads, memory);
        }
        if (keeper != null && layerDraws.keepsDraws()) {
            keeper.keep(layer, BaselineCodec.encode(layerDraws));
        }
        return layerDraws.baseline(layers.get(layer).scores(), settings);
    }

    private int unitsAtOnce(long memory, BaselineSettings drawn) {
        long rows =
                1 + pairing.groups().stream().mapToLong(Pairing.Group::shifts).sum();
        long ints = Math.multiplyExact(rows, columns.width());
        long perUnit = ints * Integer.BYTES + 3L * drawn.permutations() * Double.BYTES;
        long inArray = Integer.MAX_VALUE / ((long) Pairing.SHIFTS * columns.width());
        return (int) Math.max(1, Math.min(memory / perUnit, inArray));
    }

    private void score(PairingCounts part, LayerDraws layerDraws, int threads) throws IOException {
        List<UnitScores> units = part.layer().scores().units().stream()
                .filter(unit -> unit.unit() >= part.from() && unit.unit() < part.until())
                .toList();
        Workers.run(threads, units.size(), () -> {
            NullScores scores = new NullScores(pairing, draws, columns, probe.labels(), rules.zero());
            return task -> {
                int unit = units.get(task).unit();
                scores.compute(part, unit);
                layerDraws.add(
                        UnitDraws.of(
                                unit, scores.observedBest(), scores.observedLabel(), scores.best(), scores.label()),
                        part.interval(unit));
            };
        });
    }

    /**
     * Makes more draws for the few units that beat all draws and miss significance because many units were tested. The
     * draws are enough for a single unit to be significant. Continuing only where no draw was as good keeps p a
     * valid p-value (Besag and Clifford, Sequential Monte Carlo p-values, Biometrika 78, 1991).
     */
    private void drawMore(Layer layer, LayerDraws layerDraws, int threads, long memory) throws IOException {
        List<UnitDraws> units = layerDraws.unresolved(layer.scores(), settings);
        long tested = layer.scores().units().stream()
                .filter(unit -> unit.category() >= 0)
                .count();
        long wanted = Math.min(BaselineSettings.MOST_PERMUTATIONS, (long) Math.ceil(tested / LayerBaseline.RATE));
        if (units.isEmpty() || wanted <= draws.count()) {
            return;
        }
        BaselineSettings longer = settings.withPermutations((int) wanted);
        Draws more = Draws.of(pairing, longer);
        int step = unitsAtOnce(memory, longer);
        for (int from = 0; from < units.size(); from += step) {
            List<UnitDraws> some = units.subList(from, Math.min(units.size(), from + step));
            List<PairingCounts> parts = some.stream()
                    .map(unit -> newPart(layer, unit.unit(), unit.unit() + 1))
                    .toList();
            new ImagePass(probe, rules, pairing, settings).run(parts, threads, ProgressListener.NONE);
            Workers.run(threads, some.size(), () -> {
                NullScores scores = new NullScores(pairing, more, columns, probe.labels(), rules.zero());
                return task -> {
                    scores.compute(parts.get(task), some.get(task).unit());
                    some.get(task).replace(scores.best());
                };
            });
        }
    }

    /** Refuses masks whose draws would overflow sums of 32 bits; masks of typical sizes are far from it. */
    private void requireCountable() {
        int cells = 1;
        for (int image : images) {
            cells = Math.max(cells, probe.mostLabelsPerPixel(image));
        }
        for (Layer layer : layers) {
            for (int unit = 0; unit < layer.counts().units(); unit++) {
                if (layer.masks().pixels(unit) > Integer.MAX_VALUE / cells) {
                    throw new RunException("--baseline: the masks of unit " + (unit + 1) + " have "
                            + layer.masks().pixels(unit)
                            + " pixels in all, more than can be counted; give fewer images "
                            + "(--limit, --split), a smaller --top-fraction, or --baseline none");
                }
            }
        }
    }
}
