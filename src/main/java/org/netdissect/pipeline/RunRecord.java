package org.netdissect.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.broden.ReadableImages;

/**
 * {@code run.json}: where the numbers come from.
 *
 * @param schemaVersion changes when fields change their meaning
 * @param commandLine as given
 * @param started ISO 8601, UTC
 * @param versions of the program, Java, the engine and the system
 * @param inputs paths of model and probe set, as given
 * @param settings all that the tables depend on, by digest where it is a file; of the probe set the images and CSV tables
 * @param seeds of random numbers, if any are used
 * @param skipped images left out because they could not be read
 * @param layers what was dissected
 * @param batches images per forward pass as the network ran; empty where all came from the cache
 * @param timings seconds per stage
 */
record RunRecord(
        int schemaVersion,
        List<String> commandLine,
        String started,
        Map<String, String> versions,
        Map<String, String> inputs,
        Map<String, Object> settings,
        List<Long> seeds,
        List<ReadableImages.Skipped> skipped,
        List<Layer> layers,
        List<Integer> batches,
        Map<String, Double> timings) {
    static final int SCHEMA_VERSION = 1;

    /** One layer: its shape, its folder in the run directory, its array in the cache or null where none was kept. */
    record Layer(
            String name,
            String folder,
            int units,
            List<Integer> map,
            @Nullable String activations,
            boolean wasCached) {}

    /** The first setting that differs from a stored record's, as {@code name: stored, now}, or empty. */
    static String difference(JsonNode stored, JsonNode now) {
        java.util.TreeSet<String> names = new java.util.TreeSet<>();
        stored.fieldNames().forEachRemaining(names::add);
        now.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode old = stored.path(name);
            JsonNode current = now.path(name);
            // as text: a number is of another class once it was read back
            if (!old.toString().equals(current.toString())) {
                return name + " is " + (old.isMissingNode() ? "not given" : old) + " there and "
                        + (current.isMissingNode() ? "not given" : current) + " here";
            }
        }
        return "";
    }
}
