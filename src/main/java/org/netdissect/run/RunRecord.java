package org.netdissect.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.broden.ReadableImages;

/**
 * Contents of {@code run.json}: the origin of a run's numbers.
 *
 * @param commandLine as given
 * @param started ISO 8601, UTC
 * @param versions of the program, Java, the engine and the system
 * @param model path of the network, as given
 * @param probe path of the probe set, as given
 * @param settings all that the tables depend on
 * @param skipped images left out because they could not be read
 * @param layers the views that were dissected
 * @param batches images per forward pass in use; empty if all activations came from the cache
 * @param report images that the report shows for each unit, by {@link RunFile#TOP_IMAGES} and {@link
 *     RunFile#LEAST_IMAGES}; empty without a report
 * @param timings seconds per stage
 */
public record RunRecord(
        List<String> commandLine,
        String started,
        Map<String, String> versions,
        Path model,
        Path probe,
        RunSettings settings,
        List<ReadableImages.Skipped> skipped,
        List<Layer> layers,
        List<Integer> batches,
        Map<String, Integer> report,
        Map<String, Double> timings) {

    /** One layer: its shape, its folder in the run directory, its array in the cache or null. */
    public record Layer(
            String name,
            String folder,
            int units,
            List<Integer> map,
            @Nullable String activations,
            boolean wasCached) {}
}
