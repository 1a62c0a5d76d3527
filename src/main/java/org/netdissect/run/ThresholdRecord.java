package org.netdissect.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Fingerprint;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;

/**
 * Thresholds from the first pass of a run without a cache: {@code thresholds.json.partial} in the run directory, until
 * the run is complete.
 */
public final class ThresholdRecord {
    public static final String NAME = "thresholds.json.partial";
    private static final String RANK_ERROR = "rankError";
    private static final String VALUES = "values";

    private final Path file;
    private final JsonNode settings;
    private final long memory;
    private final String kernels;

    /**
     * The record in {@code folder}.
     *
     * @param settings of the run; thresholds are only reused with equal settings
     * @param machine that computes thresholds; they are only reused with the same kernels
     * @param memory bytes for thresholds, on which sketched thresholds depend
     */
    public ThresholdRecord(Path folder, RunSettings settings, Fingerprint machine, long memory) {
        this.file = folder.resolve(NAME);
        this.settings = Json.tree(settings.recorded());
        this.memory = memory;
        this.kernels = machine.digest();
    }

    /** Writes thresholds by layer and quantile. */
    public void write(Map<String, Map<Quantile, Thresholds>> thresholds) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("settings", settings);
        root.put("memory", memory);
        root.put("kernels", kernels);
        ObjectNode layers = root.putObject("layers");
        thresholds.forEach((layer, byQuantile) -> {
            ObjectNode node = layers.putObject(layer);
            byQuantile.forEach((quantile, values) -> write(values, node.putObject(quantile.toString())));
        });
        SafeFiles.write(file, Json.text(root) + "\n");
    }

    private static void write(Thresholds thresholds, ObjectNode node) {
        node.put(RANK_ERROR, thresholds.rankError());
        ArrayNode values = node.putArray(VALUES);
        for (float value : thresholds.toArray()) {
            // a decimal double is read back exactly, and with it the float
            values.add((double) value);
        }
    }

    /** Reads the thresholds of an earlier run, if all are there and its settings are the same. */
    public Optional<Map<String, Map<Quantile, Thresholds>>> read(
            Map<String, ActivationShape> shapes, List<Quantile> quantiles) throws IOException {
        JsonNode root;
        try {
            root = Files.isRegularFile(file) ? Json.read(Files.readAllBytes(file)) : NullNode.instance;
        } catch (JacksonException damaged) {
            return Optional.empty();
        }
        if (!root.path("settings").equals(settings)
                || !root.path("kernels").asText().equals(kernels)) {
            return Optional.empty();
        }
        boolean sameMemory = root.path("memory").asLong() == memory;
        Map<String, Map<Quantile, Thresholds>> thresholds = new LinkedHashMap<>();
        for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
            JsonNode layer = root.path("layers").path(entry.getKey());
            Map<Quantile, Thresholds> byQuantile = new LinkedHashMap<>();
            for (Quantile quantile : quantiles) {
                Optional<Thresholds> stored =
                        read(layer.path(quantile.toString()), entry.getValue().units(), sameMemory);
                if (stored.isEmpty()) {
                    return Optional.empty();
                }
                byQuantile.put(quantile, stored.get());
            }
            thresholds.put(entry.getKey(), byQuantile);
        }
        return Optional.of(thresholds);
    }

    private static Optional<Thresholds> read(JsonNode node, int units, boolean sameMemory) {
        JsonNode values = node.path(VALUES);
        double rankError = node.path(RANK_ERROR).asDouble(Double.NaN);
        boolean usable = rankError == 0 || (rankError > 0 && sameMemory);
        if (!usable || values.size() != units) {
            return Optional.empty();
        }
        float[] thresholds = new float[units];
        for (int unit = 0; unit < units; unit++) {
            thresholds[unit] = (float) values.get(unit).asDouble(Double.NaN);
            if (!Float.isFinite(thresholds[unit])) {
                return Optional.empty();
            }
        }
        return Optional.of(new Thresholds(thresholds, rankError));
    }
}
