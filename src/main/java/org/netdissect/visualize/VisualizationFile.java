package org.netdissect.visualize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;

/**
 * {@code run.json} of a visualisation. It is written before the first image, so that a run which is started again knows
 * that its finished images are those of the same settings; and again at the end.
 *
 * @param commandLine words after {@code netdissect}
 * @param started time
 * @param versions by name
 * @param model file of the network
 * @param digest SHA-256 of the network
 * @param settings that the images depend on, by name
 * @param layers names, with the number of their images
 */
record VisualizationFile(
        List<String> commandLine,
        String started,
        Map<String, String> versions,
        Path model,
        String digest,
        SortedMap<String, String> settings,
        Map<String, Integer> layers) {
    static final String NAME = "run.json";
    private static final int VERSION = 1;
    private static final String KIND = "visualization";
    private static final String SETTINGS = "settings";

    /**
     * Writes the file.
     *
     * @param seconds that the run took, by stage; empty while it runs
     */
    void write(Path folder, Map<String, Double> seconds) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schemaVersion", VERSION);
        json.put("kind", KIND);
        json.put("complete", !seconds.isEmpty());
        json.put("commandLine", commandLine);
        json.put("started", started);
        json.put("versions", versions);
        Map<String, String> network = new LinkedHashMap<>();
        network.put("file", model.toString());
        network.put("sha256", digest);
        json.put("model", network);
        json.put(SETTINGS, settings);
        json.put("layers", layers);
        json.put("timings", seconds);
        SafeFiles.write(folder.resolve(NAME), Json.text(json) + "\n");
    }

    /** Refuses a file, and a folder that another command wrote, which even --overwrite does not replace. */
    static void requireNothingElse(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException("--out " + folder + ": is a file, expected a folder");
        }
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return;
        }
        try {
            if (!Json.read(Files.readAllBytes(file)).path("kind").asText().equals(KIND)) {
                throw new InputException("--out " + folder + ": holds a run of another command; choose another folder");
            }
        } catch (JsonProcessingException damaged) {
            // told by check, unless it is to be replaced
        }
    }

    /** Whether the folder holds images of these settings, or none. */
    boolean fits(Path folder) throws IOException {
        try {
            check(folder);
            return true;
        } catch (InputException e) {
            return false;
        }
    }

    /**
     * Refuses a folder that holds images of other settings, before anything is computed.
     *
     * @throws InputException with the first setting that differs
     */
    void check(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            if (!LayerFolder.in(folder).isEmpty()) {
                throw new InputException("--out " + folder + ": holds images without a " + NAME
                        + " that tells their settings; choose another --out, or add --overwrite");
            }
            return;
        }
        JsonNode json;
        try {
            json = Json.read(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "--out " + folder + ": " + NAME + " there is damaged; choose another --out, or add --overwrite", e);
        }
        JsonNode before = json.path(SETTINGS);
        TreeSet<String> names = new TreeSet<>(settings.keySet());
        before.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String there = before.path(name).asText("not given");
            String here = Objects.requireNonNullElse(settings.get(name), "not given");
            if (!there.equals(here)) {
                throw new InputException("--out " + folder + ": holds images of other settings (" + name + " is "
                        + there + " there and " + here + " here); choose another --out, or add --overwrite");
            }
        }
    }
}
