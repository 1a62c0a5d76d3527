package org.netdissect.pipeline;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.SafeFiles;

/**
 * The thresholds that the first pass of a run without a cache found: {@code thresholds.json.partial} in the run directory,
 * until the run is complete.
 */
final class ThresholdRecord {
    static final String NAME = "thresholds.json.partial";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RANK_ERROR = "rankError";
    private static final String VALUES = "values";

    private final Path file;
    private final JsonNode settings;
    private final long memory;

    /**
     * The record in {@code folder}.
     *
     * @param settings of the run, all of which thresholds of another run must share
     * @param memory bytes that thresholds were allowed; sketched ones depend on it
     */
    ThresholdRecord(Path folder, Map<String, Object> settings, long memory) {
        this.file = folder.resolve(NAME);
        this.settings = JSON.valueToTree(settings);
        this.memory = memory;
    }

    void write(Map<String, Thresholds> thresholds) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.set("settings", settings);
        root.put("memory", memory);
        ObjectNode layers = root.putObject("layers");
        thresholds.forEach((layer, found) -> {
            ObjectNode node = layers.putObject(layer);
            node.put(RANK_ERROR, found.rankError());
            ArrayNode values = node.putArray(VALUES);
            for (float value : found.toArray()) {
                // a double in decimal is read back as it was, and so is the float in it
                values.add((double) value);
            }
        });
        SafeFiles.write(file, JSON.writeValueAsString(root) + "\n");
    }

    /** The thresholds of an earlier run with the same settings, for just these layers; else nothing. */
    Optional<Map<String, Thresholds>> read(Map<String, ActivationShape> shapes) throws IOException {
        JsonNode root;
        try {
            root = Files.isRegularFile(file) ? JSON.readTree(Files.readAllBytes(file)) : JSON.nullNode();
        } catch (JacksonException damaged) {
            return Optional.empty();
        }
        if (!root.path("settings").equals(settings)) {
            return Optional.empty();
        }
        Map<String, Thresholds> thresholds = new LinkedHashMap<>();
        for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
            JsonNode layer = root.path("layers").path(entry.getKey());
            JsonNode values = layer.path(VALUES);
            double rankError = layer.path(RANK_ERROR).asDouble(Double.NaN);
            boolean usable =
                    rankError == 0 || (rankError > 0 && root.path("memory").asLong() == memory);
            if (!usable || values.size() != entry.getValue().units()) {
                return Optional.empty();
            }
            float[] found = new float[values.size()];
            for (int unit = 0; unit < found.length; unit++) {
                found[unit] = (float) values.get(unit).asDouble(Double.NaN);
                if (!Float.isFinite(found[unit])) {
                    return Optional.empty();
                }
            }
            thresholds.put(entry.getKey(), new Thresholds(found, rankError));
        }
        return Optional.of(thresholds);
    }
}
