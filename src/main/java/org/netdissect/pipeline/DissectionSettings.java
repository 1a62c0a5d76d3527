package org.netdissect.pipeline;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.TopImages;
import org.netdissect.base.InputException;
import org.netdissect.broden.Selection;

/**
 * Everything a dissection is told.
 *
 * @param model TorchScript archive
 * @param layers names or patterns; empty for the default layers beside the model
 * @param probe folder of the probe set
 * @param selection images and categories to use
 * @param skipUnreadable whether images that cannot be read are left out
 * @param out run directory
 * @param input what is said of the network's input
 * @param engine how the network runs
 * @param topFraction q: at most this fraction of a unit's activations is above its threshold
 * @param iou a detector's score is greater
 * @param method what the known programs do in different ways
 * @param thresholds file with given thresholds, for one layer, or null
 * @param storage where activations are kept
 * @param topImages how many images of each unit the report shows; {@link #NO_REPORT} for no report
 * @param overwrite whether another run in {@code out} is replaced
 */
public record DissectionSettings(
        Path model,
        List<String> layers,
        Path probe,
        Selection selection,
        boolean skipUnreadable,
        Path out,
        InputSettings input,
        EngineSettings engine,
        BigDecimal topFraction,
        double iou,
        MethodSettings method,
        @Nullable Path thresholds,
        StorageSettings storage,
        int topImages,
        boolean overwrite) {
    /** No report is written. */
    public static final int NO_REPORT = -1;

    private static final int MOST_TOP_IMAGES = 100;

    /** Throws {@link InputException} for values outside their range. */
    public DissectionSettings {
        layers = List.copyOf(layers);
        if (topFraction.signum() <= 0 || topFraction.compareTo(BigDecimal.ONE) >= 0) {
            throw new InputException("--top-fraction " + topFraction.toPlainString()
                    + ": expected more than 0 and less than 1, such as 0.005");
        }
        checkTopImages(topImages);
        if (!(iou >= 0 && iou < 1)) {
            throw new InputException("--iou " + iou + ": expected at least 0 and less than 1, such as 0.04");
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

    /** The fraction of a unit's activations above its threshold, by the quantile rule. */
    BigDecimal fractionAbove() {
        return method.quantile().above(topFraction);
    }
}
