package org.netdissect.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.netdissect.base.FileNames;
import org.netdissect.base.InputException;
import org.netdissect.base.SafeFiles;
import org.netdissect.report.DetectorTable;
import org.netdissect.report.LayerReport;
import org.netdissect.report.LayerSummary;

/**
 * The folder a run writes: {@code LAYER/detectors.csv}, {@code LAYER/summary.json}, and {@code run.json} last. A folder
 * with a run.json is complete.
 */
final class RunDirectory {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String RUN = "run.json";
    private static final String DETECTORS = "detectors.csv";
    private static final String SUMMARY = "summary.json";

    private final Path folder;

    RunDirectory(Path folder) {
        this.folder = folder;
    }

    /**
     * Refuses a folder that is a file or holds a run with other settings.
     *
     * @param settings of the run to come
     */
    void check(Map<String, Object> settings, boolean overwrite) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException("--out " + folder + ": is a file, expected a folder");
        }
        JsonNode stored = stored();
        if (stored == null || overwrite) {
            return;
        }
        String difference = RunRecord.difference(stored.path("settings"), JSON.valueToTree(settings));
        if (!difference.isEmpty()) {
            throw new InputException("--out " + folder + ": holds another run (" + difference
                    + "); choose another --out, or add --overwrite to replace it");
        }
    }

    private @org.jspecify.annotations.Nullable JsonNode stored() throws IOException {
        Path file = folder.resolve(RUN);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": not a readable run record; choose another --out", e);
        }
    }

    Path layerFolder(String layer) {
        return folder.resolve(FileNames.of(layer));
    }

    /** Removes the tables of the run that is there, so that no reader mixes old and new. */
    void clear() throws IOException {
        JsonNode stored = stored();
        if (stored == null) {
            return;
        }
        Files.delete(folder.resolve(RUN));
        for (JsonNode layer : stored.path("layers")) {
            Path old = layerFolder(layer.path("name").asText());
            Files.deleteIfExists(old.resolve(DETECTORS));
            Files.deleteIfExists(old.resolve(SUMMARY));
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

    void write(LayerReport report, LayerSummary summary) throws IOException {
        Path layer = layerFolder(report.layer());
        SafeFiles.write(layer.resolve(DETECTORS), DetectorTable.csv(report));
        SafeFiles.write(layer.resolve(SUMMARY), JSON.writeValueAsString(summary) + "\n");
    }

    void write(RunRecord record) throws IOException {
        SafeFiles.write(folder.resolve(RUN), JSON.writeValueAsString(record) + "\n");
    }
}
