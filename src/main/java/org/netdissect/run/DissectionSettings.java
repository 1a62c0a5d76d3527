package org.netdissect.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.LeastImages;
import org.netdissect.align.TopImages;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.base.InputException;
import org.netdissect.baseline.BaselineSettings;
import org.netdissect.broden.ImageSelection;
import org.netdissect.image.PlaneEncoding;

/**
 * Settings of a dissection as the user gives them.
 *
 * @param source network and probe set
 * @param input preprocessing and size of the network's input, if given
 * @param engine how the network runs
 * @param scoring thresholds, masks and detectors
 * @param rotation bases in which layers are dissected
 * @param baseline settings of the permutation baseline, or null
 * @param storage activation cache and memory
 * @param output run directory and report
 */
public record DissectionSettings(
        Source source,
        InputSettings input,
        EngineSettings engine,
        Scoring scoring,
        RotationSettings rotation,
        @Nullable BaselineSettings baseline,
        StorageSettings storage,
        Output output) {

    /** Throws {@link InputException} for settings that contradict each other. */
    public DissectionSettings {
        rotation.check(scoring.thresholds(), storage, scoring.tail());
    }

    /**
     * Network and probe set.
     *
     * @param network the network's file
     * @param layers names or patterns; empty for the default layers beside the model
     * @param probe folder of the probe set
     * @param planes how label planes are read
     * @param selection images and categories to use
     * @param skipUnreadable whether images that cannot be read are left out
     */
    public record Source(
            NetworkChoice network,
            List<String> layers,
            Path probe,
            PlaneEncoding planes,
            ImageSelection selection,
            boolean skipUnreadable) {
        /** Copies the list. */
        public Source {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Thresholds, masks and detectors.
     *
     * @param sweep top fractions and IoU thresholds, those of the tables first
     * @param tail tails of each layer
     * @param method choices in which the known programs differ
     * @param thresholds file with given thresholds, for one layer, or null
     */
    public record Scoring(
            Sweep sweep,
            TailChoice tail,
            MethodSettings method,
            @Nullable Path thresholds) {
        /** Throws {@link InputException} for settings that contradict each other. */
        public Scoring {
            if (thresholds != null && tail == TailChoice.BOTH) {
                throw new InputException("--thresholds with --tail both: the thresholds are of one tail; give --tail "
                        + "upper or --tail lower");
            }
            if (thresholds != null && sweep.topFractions().size() > 1) {
                throw new InputException("--thresholds with several values of --top-fraction: thresholds that are "
                        + "given have no top fraction; give one of the two");
            }
        }
    }

    /**
     * Settings of the run directory and the report.
     *
     * @param folder run directory
     * @param overwrite whether another run there is replaced
     * @param topImages most activating images of each unit in the report, or null for no report
     * @param leastImages least activating images of each unit in the report
     */
    public record Output(
            Path folder, boolean overwrite, @Nullable Integer topImages, int leastImages) {
        private static final int MOST_IMAGES = 100;

        /** Throws {@link InputException} for values outside their range. */
        public Output {
            requireNumber("--top-images", topImages == null ? 0 : topImages);
            requireNumber("--least-images", leastImages);
            if (topImages == null && leastImages > 0) {
                throw new InputException("--least-images " + leastImages + " with --no-report: the images are shown "
                        + "in the report; leave out one of the two");
            }
        }

        private static void requireNumber(String option, int images) {
            if (images < 0 || images > MOST_IMAGES) {
                throw new InputException(option + " " + images + ": expected 0 to " + MOST_IMAGES);
            }
        }

        /** The images shown, for run.json; empty without a report. */
        public Map<String, Integer> recorded() {
            return topImages == null
                    ? Map.of()
                    : new TreeMap<>(Map.of(RunFile.TOP_IMAGES, topImages, RunFile.LEAST_IMAGES, leastImages));
        }

        public boolean hasReport() {
            return topImages != null;
        }

        /** Whether alignment keeps images for the report. */
        public boolean keepsImages() {
            return leastImages > 0 || (topImages != null && topImages > 0);
        }

        /** New lists of a layer's top images for the report, still empty. */
        public TopImages newTop(int units) {
            return new TopImages(units, topImages == null ? 0 : topImages);
        }

        /** New lists of a layer's least activating images for the report, still empty. */
        public LeastImages newLeast(int units) {
            return new LeastImages(units, leastImages);
        }
    }
}
