package org.netdissect.chance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
 * a mask touches, activation stay as they are. A bootstrap over images asks how far its score would move with other images.
 * Results depend on the seed alone, neither on the number of threads nor on the memory.
 */
public final class ChanceAnalysis {
    private final ProbeSet probe;
    private final AlignmentRules rules;
    private final double iouThreshold;
    private final ChanceSettings settings;
    private final List<Layer> layers;
    private final CountColumns columns;
    private final Pairing pairing;
    private final Draws draws;

    /**
     * What alignment found of one layer.
     *
     * @param counts over all images
     * @param scores of these counts
     * @param masks of every image
     */
    public record Layer(AlignmentCounts counts, LayerScores scores, MaskFile masks) {}

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
        MaskFile masks = layers.get(0).masks();
        List<BitSet> held = new ArrayList<>();
        List<GridSize> grids = new ArrayList<>();
        for (int image = 0; image < masks.images(); image++) {
            held.add(masks.held(image));
            grids.add(probe.images().get(image).labelSize());
        }
        this.pairing = Pairing.of(held, grids, settings.seed());
        this.draws = Draws.of(pairing, settings);
    }

    /**
     * Reads the labels once for as many units as fit into memory.
     *
     * @param memory bytes for counts; one unit is taken at a time where its counts are more
     * @return of each layer, in order
     */
    public List<LayerChance> run(int threads, long memory, ProgressListener progress) throws IOException {
        requireCountable();
        List<LayerDraws> found = new ArrayList<>();
        layers.forEach(layer -> found.add(new LayerDraws(layer, iouThreshold, draws.count())));
        List<List<Span>> tiles = Span.tiles(layers, unitsAtOnce(memory));
        ImagePass pass = new ImagePass(probe, rules, pairing, settings);
        long images = probe.images().size();
        AtomicInteger tilesDone = new AtomicInteger();
        for (List<Span> tile : tiles) {
            List<PartCounts> parts = new ArrayList<>();
            for (Span span : tile) {
                Layer layer = layers.get(span.layer());
                parts.add(new PartCounts(layer, span.from(), span.until(), columns, pairing, settings.permutations()));
            }
            pass.run(
                    parts,
                    threads,
                    (done, all) -> progress.progress(tilesDone.get() * images + done, tiles.size() * images));
            tilesDone.incrementAndGet();
            for (int i = 0; i < parts.size(); i++) {
                score(parts.get(i), found.get(tile.get(i).layer()), threads);
            }
        }
        return found.stream()
                .map(layer -> layer.end(settings, pairing.unpaired()))
                .toList();
    }

    private int unitsAtOnce(long memory) {
        long rows = pairing.groups().stream().mapToLong(Pairing.Group::shifts).sum();
        long ints = Math.multiplyExact(rows, columns.width());
        long perUnit = ints * Integer.BYTES + 3L * settings.permutations() * Double.BYTES;
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
                UnitScores unit = units.get(task);
                scores.compute(part, unit.unit());
                found.add(unit, scores.best(), scores.label(), part.resampled().interval(unit.unit()));
            };
        });
    }

    /** Draws are summed in 32 bits, which no masks of a usual size come near. */
    private void requireCountable() {
        int cells = 1;
        for (ProbeImage image : probe.images()) {
            cells = Math.max(cells, image.cells().stream().mapToInt(List::size).sum());
        }
        for (Layer layer : layers) {
            for (int unit = 0; unit < layer.counts().units(); unit++) {
                if (layer.masks().pixels(unit) > Integer.MAX_VALUE / cells) {
                    throw new RunException("--baseline: the masks of unit " + (unit + 1) + " have "
                            + layer.masks().pixels(unit)
                            + " pixels in all, more than can be counted; give fewer images "
                            + "(--limit, --split) or a smaller --top-fraction");
                }
            }
        }
    }
}
