package org.netdissect.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.FileNames;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;
import org.netdissect.report.LayerSummary;
import org.netdissect.report.ReportFiles;
import org.netdissect.report.RotationCurve;

/**
 * The folder a run writes: {@code LAYER/detectors.csv}, {@code LAYER/summary.json} and further tables, and {@code run.json} last. A folder
 * with a run.json is complete. While tables are written, {@code run.json.partial} names the layers, so that the next run
 * can clear away what a killed one left.
 */
final class RunDirectory {
    static final String RUN = "run.json";
    static final String PARTIAL = "run.json.partial";
    static final String DETECTORS = "detectors.csv";
    static final String SWEEP = "sweep.csv";
    static final String SPLITS = "splits.csv";
    static final String CHANCE = "chance.csv";
    private static final String SUMMARY = "summary.json";
    /** What a run may leave in a layer's folder, beside the report's files. */
    private static final List<String> LAYER_FILES = List.of(DETECTORS, SUMMARY, SWEEP, SPLITS, CHANCE);

    private final Path folder;

    RunDirectory(Path folder) {
        this.folder = folder;
    }

    /**
     * Refuses, before anything is computed, a folder that cannot be written or holds a run with other settings.
     *
     * @param settings of the run to come
     */
    void check(Map<String, Object> settings, boolean overwrite) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException("--out " + folder + ": is a file, expected a folder");
        }
        if (!overwrite) {
            JsonNode stored = stored(RUN);
            if (stored != null) {
                refuseAnother(stored, settings);
            }
        }
        requireWritable(folder);
    }

    private void refuseAnother(JsonNode stored, Map<String, Object> settings) {
        String difference = RunRecord.difference(stored.path("settings"), Json.tree(settings));
        if (!difference.isEmpty()) {
            throw new InputException("--out " + folder + ": holds another run (" + difference
                    + "); choose another --out, or add --overwrite to replace it");
        }
    }

    /** The nearest folder that exists must take a file, which does not stay. */
    static void requireWritable(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            Files.delete(Files.createTempFile(existing, ".netdissect", ".tmp"));
        } catch (IOException e) {
            throw new InputException("--out " + folder + ": cannot be written (" + e + "); choose another folder", e);
        }
    }

    private @Nullable JsonNode stored(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            if (Files.exists(file)) {
                throw new InputException("--out " + folder + ": its " + name + " is no file; choose another folder");
            }
            return null;
        }
        try {
            return Json.read(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "--out " + folder + ": its " + name + " is damaged; choose another --out, or add --overwrite", e);
        }
    }

    /** The record of the complete run that is there. */
    JsonNode run() throws IOException {
        JsonNode stored = stored(RUN);
        if (stored == null) {
            throw new InputException(folder + ": holds no complete run (no " + RUN + "); expected the --out of a run");
        }
        return stored;
    }

    Path detectors(String layer) {
        return layerFolder(layer).resolve(DETECTORS);
    }

    Path layerFolder(String layer) {
        return folder.resolve(FileNames.of(layer));
    }

    /** Removes the tables of the run that is there, whole or not, and says which layers are about to be written. */
    void begin(List<String> layers) throws IOException {
        for (String name : List.of(RUN, PARTIAL)) {
            clear(name);
            Files.deleteIfExists(folder.resolve(name));
        }
        new ReportFiles(folder).clear();
        RotationCurve.clear(folder);
        Map<String, Object> plan = Map.of(
                "layers", layers.stream().map(layer -> Map.of("name", layer)).toList());
        SafeFiles.write(folder.resolve(PARTIAL), Json.text(plan) + "\n");
    }

    private void clear(String record) throws IOException {
        JsonNode stored;
        try {
            stored = stored(record);
        } catch (InputException damaged) {
            // only --overwrite comes here, and a damaged record names no tables
            return;
        }
        if (stored == null) {
            return;
        }
        for (JsonNode layer : stored.path("layers")) {
            Path old = layerFolder(layer.path("name").asText());
            for (String name : LAYER_FILES) {
                Files.deleteIfExists(old.resolve(name));
            }
            if (isEmpty(old)) {
                Files.delete(old);
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** Writes the tables of a layer; {@code files} have names of {@link #LAYER_FILES}. */
    void write(LayerSummary summary, Map<String, String> files) throws IOException {
        Path layer = layerFolder(summary.layer());
        for (Map.Entry<String, String> file : files.entrySet()) {
            SafeFiles.write(layer.resolve(file.getKey()), file.getValue());
        }
        SafeFiles.write(layer.resolve(SUMMARY), Json.text(summary) + "\n");
    }

    void end(RunRecord record) throws IOException {
        SafeFiles.write(folder.resolve(RUN), Json.text(record) + "\n");
        Files.deleteIfExists(folder.resolve(PARTIAL));
        Files.deleteIfExists(folder.resolve(ThresholdRecord.NAME));
    }
}
