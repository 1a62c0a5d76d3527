package org.netdissect.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.netdissect.align.Interpolation;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.base.Wildcards;

/** A finished run, read from its folder. */
final class StoredRun {
    private static final String RUN = "run.json";
    private static final String ACTIVATIONS = "activations.";

    private final Path folder;
    private final JsonNode record;

    private StoredRun(Path folder, JsonNode record) {
        this.folder = folder;
        this.record = record;
    }

    /** Opens the folder that {@code dissect --out} wrote. Throws {@link InputException} for anything else. */
    static StoredRun open(Path folder) throws IOException {
        Path file = folder.resolve(RUN);
        if (!Files.isRegularFile(file)) {
            String found = !Files.exists(folder)
                    ? "no such folder"
                    : Files.exists(folder.resolve(RUN + ".partial")) ? "the run in it is not finished" : "no " + RUN;
            throw new InputException(
                    folder + ": " + found + "; expected the folder of a finished run, as 'dissect --out' writes it");
        }
        JsonNode record;
        try {
            record = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": is damaged (no JSON); dissect again", e);
        }
        int version = record.path("schemaVersion").asInt();
        if (version != RunRecord.SCHEMA_VERSION) {
            throw new InputException(file + ": has schemaVersion " + record.path("schemaVersion") + ", expected "
                    + RunRecord.SCHEMA_VERSION + ": it was written by another version of netdissect; dissect again");
        }
        return new StoredRun(folder, record);
    }

    private InputException lacks(String what) {
        return new InputException(folder.resolve(RUN) + ": " + what
                + "; it is damaged, or was written by another version of netdissect: dissect again");
    }

    private String setting(String name) {
        JsonNode value = record.path("settings").path(name);
        if (!value.isValueNode() || value.isNull()) {
            throw lacks("its settings have no " + name);
        }
        return value.asText();
    }

    /** A detector's score is greater. */
    double iouThreshold() {
        try {
            return Double.parseDouble(setting("iou"));
        } catch (NumberFormatException e) {
            throw lacks("iou is '" + setting("iou") + "'");
        }
    }

    /** How maps were resized. */
    Interpolation interpolation() {
        String name = setting("interpolation");
        return Stream.of(Interpolation.values())
                .filter(one -> one.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> lacks("interpolation is '" + name + "'"));
    }

    /** How the images went through the network. */
    ForwardSettings forward() {
        Map<String, String> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> setting : record.path("settings").properties()) {
            if (setting.getKey().startsWith(ACTIVATIONS)) {
                fields.put(
                        setting.getKey().substring(ACTIVATIONS.length()),
                        setting.getValue().asText());
            }
        }
        try {
            return ForwardSettings.of(fields);
        } catch (InputException e) {
            throw lacks("its settings of the activations: " + e.getMessage());
        }
    }

    /** Where the network was, as the user gave it. */
    Path model() {
        String path = record.path("inputs").path("model").asText();
        try {
            if (!path.isEmpty()) {
                return Path.of(path);
            }
        } catch (InvalidPathException e) {
            throw lacks("inputs.model is '" + path + "'");
        }
        throw lacks("it has no inputs.model");
    }

    /**
     * Layers by name or pattern, in the run's order; all for no pattern.
     *
     * @throws InputException where a name is none of the run's, with the nearest, or a pattern matches none
     */
    List<String> layers(List<String> wanted) {
        List<String> all = new ArrayList<>();
        record.path("layers").forEach(layer -> all.add(layer.path("name").asText()));
        if (all.isEmpty()) {
            throw lacks("it has no layers");
        }
        Set<String> chosen = new HashSet<>(wanted.isEmpty() ? all : List.of());
        for (String pattern : wanted) {
            List<String> matching =
                    all.stream().filter(name -> Wildcards.match(pattern, name)).toList();
            if (matching.isEmpty()) {
                throw unknown(pattern, all);
            }
            chosen.addAll(matching);
        }
        return all.stream().filter(chosen::contains).toList();
    }

    private InputException unknown(String layer, List<String> names) {
        List<String> near = NearestNames.of(layer, names);
        return new InputException("--layer " + layer + ": the run " + folder + " has no such layer"
                + (near.isEmpty()
                        ? "; it has " + String.join(", ", names)
                        : "; did you mean " + String.join(", ", near) + "?"));
    }

    /** The units of one layer. */
    StoredUnits units(String layer) throws IOException {
        return StoredUnits.read(new RunDirectory(folder).layerFolder(layer).resolve("detectors.csv"));
    }
}
