package org.netdissect.pipeline;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Quantile;
import org.netdissect.align.ImageParts;
import org.netdissect.align.TopImages;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;
import org.netdissect.broden.PlaneEncoding;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.Selection;
import org.netdissect.chance.ChanceSettings;

/**
 * Everything a dissection is told.
 *
 * @param model TorchScript archive
 * @param layers names or patterns; empty for the default layers beside the model
 * @param probe folder of the probe set
 * @param planes how label planes are read
 * @param selection images and categories to use
 * @param skipUnreadable whether images that cannot be read are left out
 * @param out run directory
 * @param input what is said of the network's input
 * @param engine how the network runs
 * @param sweep top fractions and IoU thresholds, the run's own first
 * @param tail which activations are looked at
 * @param method what the known programs do in different ways
 * @param thresholds file with given thresholds, for one layer, or null
 * @param storage where activations are kept
 * @param topImages how many images of each unit the report shows; {@link #NO_REPORT} for no report
 * @param overwrite whether another run in {@code out} is replaced
 * @param rotation in which bases layers are dissected
 * @param chance what is drawn to tell how much is chance, or null for nothing
 */
public record DissectionSettings(
        Path model,
        List<String> layers,
        Path probe,
        PlaneEncoding planes,
        Selection selection,
        boolean skipUnreadable,
        Path out,
        InputSettings input,
        EngineSettings engine,
        Sweep sweep,
        TailChoice tail,
        MethodSettings method,
        @Nullable Path thresholds,
        StorageSettings storage,
        int topImages,
        boolean overwrite,
        RotationSettings rotation,
        @Nullable ChanceSettings chance) {
    /** No report is written. */
    public static final int NO_REPORT = -1;

    private static final int MOST_TOP_IMAGES = 100;

    /** Throws {@link InputException} for values outside their range. */
    public DissectionSettings {
        layers = List.copyOf(layers);
        checkTopImages(topImages);
        rotation.check(thresholds, storage, tail);
        if (thresholds != null && tail == TailChoice.BOTH) {
            throw new InputException("--thresholds with --tail both: the thresholds are of one tail; give --tail upper "
                    + "or --tail lower");
        }
        if (thresholds != null && sweep.topFractions().size() > 1) {
            throw new InputException("--thresholds with several values of --top-fraction: thresholds that are given "
                    + "have no top fraction; give one of the two");
        }
    }

    static void checkTopImages(int topImages) {
        if (topImages != NO_REPORT && (topImages < 0 || topImages > MOST_TOP_IMAGES)) {
            throw new InputException("--top-images " + topImages + ": expected 0 to " + MOST_TOP_IMAGES);
        }
    }

    /** Whether the run writes a report. */
    boolean hasReport() {
        return topImages != NO_REPORT;
    }

    /** Where the alignment of a layer puts the images that the report shows. */
    TopImages newTop(int units) {
        return new TopImages(units, Math.max(0, topImages));
    }

    /** The splits that are scored apart: those that were named, where there are several. */
    ImageParts splits(ProbeSet probe) {
        List<String> named = selection.splits().stream().distinct().toList();
        return named.size() > 1 ? ImageParts.of(probe, named) : ImageParts.WHOLE;
    }

    /** The run's own q. */
    BigDecimal topFraction() {
        return sweep.topFractions().get(0);
    }

    /** A detector's score is greater. */
    double iou() {
        return sweep.ious().get(0);
    }

    /** The fraction of a unit's activations beyond its threshold, by the quantile rule. */
    BigDecimal fractionBeyond(BigDecimal topFraction) {
        return method.quantile().above(topFraction);
    }

    /** Where the thresholds of a layer lie in its activations, and the least of these where a lower threshold may be it. */
    List<Quantile> quantiles() {
        List<Quantile> quantiles = new ArrayList<>();
        for (Tail each : tail.tails()) {
            sweep.topFractions().forEach(fraction -> quantiles.add(new Quantile(each, fractionBeyond(fraction))));
        }
        if (tail.tails().contains(Tail.LOWER)) {
            quantiles.add(Quantile.LEAST);
        }
        return quantiles.stream().distinct().toList();
    }

    /** Whether masks are made from cells that are greater than thresholds found in the same basis. */
    boolean alignsActiveMaps() {
        return tail == TailChoice.UPPER
                && thresholds == null
                && rotation.turned().isEmpty();
    }

    /** Those of them that are not given. */
    List<Quantile> quantilesNeeded() {
        return thresholds == null
                ? quantiles()
                : quantiles().stream().filter(Quantile.LEAST::equals).toList();
    }
}
