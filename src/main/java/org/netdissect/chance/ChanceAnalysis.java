package org.netdissect.chance;

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
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;

/**
 * How much of what alignment found is chance. A permutation test asks of each unit how great its best IoU is where its masks
 * meet the labels of other images that hold the same categories, so that truth and, but for rules by which it depends on what
 * a mask touches, activation stay as they are. A bootstrap over images asks how far its score would move with other images; the
 * quick form leaves it out. Results depend on the seed alone, neither on the number of threads nor on the memory.
 */
public final class ChanceAnalysis {
    private final ProbeSet probe;
    private final AlignmentRules rules;
    private final double iouThreshold;
    private final ChanceSettings settings;
    private final List<Layer> layers;
    private final CountColumns columns;
    private final int[] images;
    private final Pairing pairing;
    private final Draws draws;

    /**
     * What alignment found of one layer.
     *
     * @param counts over all images
     * @param scores of these counts
     * @param masks of the images of {@link ChanceSample}, or more
     */
    public record Layer(AlignmentCounts counts, LayerScores scores, MaskFile masks) {}

    /** Gets each layer's draws when they are complete. */
    @FunctionalInterface
    public interface Keeper {
        /** Keeps the draws of a layer, by its position, for {@link ChanceCodec#decode}. */
        void keep(int layer, ByteBuffer bytes);
    }

    /**
     * An analysis of layers, one or more, that were aligned with the same images.
     *
     * @param iouThreshold a detector's score is greater
     */
    public ChanceAnalysis(
            ProbeSet probe, AlignmentRules rules, double iouThreshold, ChanceSettings settings, List<Layer> layers) {
        this.probe = probe;
        this.rules = rules;
        this.iouThreshold = iouThreshold;
        this.settings = settings;
        this.layers = List.copyOf(layers);
        this.columns = CountColumns.of(probe.labels(), probe.categories().size(), rules);
        this.images = ChanceSample.of(probe.images().size(), settings);
        MaskFile masks = layers.get(0).masks();
        List<BitSet> held = new ArrayList<>();
        List<GridSize> grids = new ArrayList<>();
        for (int image : images) {
            held.add(masks.held(image));
            grids.add(probe.images().get(image).labelSize());
        }
        this.pairing = Pairing.of(images, held, grids, settings.seed());
        this.draws = Draws.of(pairing, settings);
    }

    /** The same, and nothing is kept. */
    public List<LayerChance> run(int threads, long memory, ProgressListener progress) throws IOException {
        return run(threads, memory, progress, null);
    }

    /**
     * Reads the labels once for as many units as fit into memory.
     *
     * @param memory bytes for counts; one unit is taken at a time where its counts are more
     * @param keeper gets the draws of the layers where they are not too many
     * @return of each layer, in order
     */
    public List<LayerChance> run(int threads, long memory, ProgressListener progress, @Nullable Keeper keeper)
            throws IOException {
        requireCountable();
        List<LayerChance> chances = new ArrayList<>();
        List<List<Span>> tiles = Span.tiles(layers, unitsAtOnce(memory, settings));
        ImagePass pass = new ImagePass(probe, rules, pairing, settings);
        long each = images.length;
        AtomicInteger tilesDone = new AtomicInteger();
        LayerDraws found = newDraws(0, keeper);
        for (List<Span> tile : tiles) {
            List<PartCounts> parts = new ArrayList<>();
            for (Span span : tile) {
                parts.add(newPart(layers.get(span.layer()), span.from(), span.until()));
            }
            pass.run(
                    parts,
                    threads,
                    (done, all) -> progress.progress(tilesDone.get() * each + done, tiles.size() * each));
            tilesDone.incrementAndGet();
            for (int i = 0; i < parts.size(); i++) {
                Span span = tile.get(i);
                found = span.from() == 0 ? newDraws(span.layer(), keeper) : found;
                score(parts.get(i), found, threads);
                if (span.until() == found.units()) {
                    chances.add(end(span.layer(), found, threads, memory, keeper));
                }
            }
        }
        return chances;
    }

    private PartCounts newPart(Layer layer, int from, int until) {
        return new PartCounts(layer, from, until, columns, pairing, settings);
    }

    /** Draws are held for one layer at a time. */
    private LayerDraws newDraws(int layer, @Nullable Keeper keeper) {
        int units = layers.get(layer).counts().units();
        boolean holds = keeper != null && ChanceCodec.fits(units, draws.count());
        return new LayerDraws(units, iouThreshold, draws.count(), images.length, pairing.unpaired(), holds);
    }

    private LayerChance end(int layer, LayerDraws found, int threads, long memory, @Nullable Keeper keeper)
            throws IOException {
        if (settings.method() == ChanceMethod.QUICK) {
            drawMore(layers.get(layer), found, threads, memory);
        }
        if (keeper != null && found.holds()) {
            keeper.keep(layer, ChanceCodec.encode(found));
        }
        return found.chance(layers.get(layer).scores(), settings);
    }

    private int unitsAtOnce(long memory, ChanceSettings drawn) {
        long rows =
                1 + pairing.groups().stream().mapToLong(Pairing.Group::shifts).sum();
        long ints = Math.multiplyExact(rows, columns.width());
        long perUnit = ints * Integer.BYTES + 3L * drawn.permutations() * Double.BYTES;
        long inArray = Integer.MAX_VALUE / ((long) Pairing.SHIFTS * columns.width());
        return (int) Math.max(1, Math.min(memory / perUnit, inArray));
    }

    private void score(PartCounts part, LayerDraws found, int threads) throws IOException {
        List<UnitScores> units = part.layer().scores().units().stream()
                .filter(unit -> unit.unit() >= part.from() && unit.unit() < part.until())
                .toList();
        Workers.run(threads, units.size(), () -> {
            NullScores scores = new NullScores(pairing, draws, columns, probe.labels(), rules.zero());
            return task -> {
                int unit = units.get(task).unit();
                scores.compute(part, unit);
                found.add(
                        UnitDraws.of(unit, scores.ownBest(), scores.ownLabel(), scores.best(), scores.label()),
                        part.interval(unit));
            };
        });
    }

    /**
     * More draws for the few units that are better than all draws and still not significant, since as many units were tested: enough
     * draws to tell even a single unit. To look on only where no draw was as good leaves p a p-value (Besag and Clifford,
     * Sequential Monte Carlo p-values, Biometrika 78, 1991): it comes to a small value no more often than all draws would.
     */
    private void drawMore(Layer layer, LayerDraws found, int threads, long memory) throws IOException {
        List<UnitDraws> units = found.unresolved(layer.scores(), settings);
        long tested = layer.scores().units().stream()
                .filter(unit -> unit.category() >= 0)
                .count();
        long wanted = Math.min(ChanceSettings.MOST_PERMUTATIONS, (long) Math.ceil(tested / LayerChance.RATE));
        if (units.isEmpty() || wanted <= draws.count()) {
            return;
        }
        ChanceSettings longer = settings.withPermutations((int) wanted);
        Draws more = Draws.of(pairing, longer);
        int step = unitsAtOnce(memory, longer);
        for (int from = 0; from < units.size(); from += step) {
            List<UnitDraws> some = units.subList(from, Math.min(units.size(), from + step));
            List<PartCounts> parts = some.stream()
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

    /** Draws are summed in 32 bits, which no masks of a usual size come near. */
    private void requireCountable() {
        int cells = 1;
        for (int image : images) {
            ProbeImage each = probe.images().get(image);
            cells = Math.max(cells, each.cells().stream().mapToInt(List::size).sum());
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
