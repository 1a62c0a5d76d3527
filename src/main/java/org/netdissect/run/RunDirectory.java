package org.netdissect.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.netdissect.base.FileNames;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;
import org.netdissect.result.LayerSummary;

/**
 * The folder that a run writes: {@code LAYER/detectors.csv}, {@code LAYER/summary.json} and further tables, and {@code
 * run.json} last. A folder with a run.json is complete. While tables are written, {@code run.json.partial} names the
 * layers, so that the next run can delete the files of a killed one.
 */
public final class RunDirectory {
    public static final String DETECTORS = "detectors.csv";
    public static final String SWEEP = "sweep.csv";
    public static final String SPLITS = "splits.csv";
    public static final String BASELINE = "chance.csv";
    private static final String SUMMARY = "summary.json";
    /** Files of a run in a layer's folder. */
    private static final List<String> LAYER_FILES = List.of(DETECTORS, SUMMARY, SWEEP, SPLITS, BASELINE);

    private final Path folder;

    public RunDirectory(Path folder) {
        this.folder = folder;
    }

    /**
     * Refuses, before anything is computed, a folder that cannot be written or holds a run with other settings.
     *
     * @param settings of the run to come
     */
    public void check(RunSettings settings, boolean overwrite) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException("--out " + folder + ": is a file, expected a folder");
        }
        if (!overwrite && Files.exists(folder.resolve(RunFile.NAME))) {
            String difference;
            try {
                difference = RunFile.read(folder).difference(settings);
            } catch (InputException e) {
                throw new InputException(
                        "--out " + folder + ": the run there cannot be read (" + e.getMessage()
                                + "); choose another --out, or add --overwrite to replace it",
                        e);
            }
            if (!difference.isEmpty()) {
                throw new InputException("--out " + folder + ": holds another run (" + difference
                        + "); choose another --out, or add --overwrite to replace it");
            }
        }
        requireWritable(folder);
    }

    /** Throws {@link InputException} unless a temporary file can be written to the nearest existing folder. */
    public static void requireWritable(Path folder) {
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

    public Path detectors(String layer) {
        return layerFolder(layer).resolve(DETECTORS);
    }

    public Path layerFolder(String layer) {
        return folder.resolve(FileNames.of(layer));
    }

    /** Deletes the tables of a run in the folder, complete or not, and records the layers to be written. */
    public void start(List<String> layers) throws IOException {
        for (String name : List.of(RunFile.NAME, RunFile.PARTIAL)) {
            for (String layer : RunFile.layers(folder.resolve(name))) {
                clear(layerFolder(layer));
            }
            Files.deleteIfExists(folder.resolve(name));
        }
        RunFile.writePartial(folder, layers);
    }

    private static void clear(Path layer) throws IOException {
        for (String name : LAYER_FILES) {
            Files.deleteIfExists(layer.resolve(name));
        }
        if (isEmpty(layer)) {
            Files.delete(layer);
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

    /** Writes the tables of a layer; {@code files} are texts by names in {@link #LAYER_FILES}. */
    public void write(LayerSummary summary, Map<String, String> files) throws IOException {
        Path layer = layerFolder(summary.layer());
        for (Map.Entry<String, String> file : files.entrySet()) {
            SafeFiles.write(layer.resolve(file.getKey()), file.getValue());
        }
        SafeFiles.write(layer.resolve(SUMMARY), Json.text(summary) + "\n");
    }

    /** Completes the run. */
    public void complete(RunRecord record) throws IOException {
        RunFile.write(folder, record);
        Files.deleteIfExists(folder.resolve(RunFile.PARTIAL));
        Files.deleteIfExists(folder.resolve(ThresholdRecord.NAME));
    }
}
