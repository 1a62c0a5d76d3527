package org.netdissect.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.Printable;
import org.netdissect.report.DetectorTableReader;
import org.netdissect.report.StoredTable;
import org.netdissect.report.compare.ComparedLayer;
import org.netdissect.report.compare.ComparedRun;
import org.netdissect.report.compare.NamedPath;
import org.netdissect.report.compare.TableName;

/** Reads run directories back, as far as their tables and settings. */
public final class StoredRun {
    private static final int LONGEST_VALUE = 100;
    private static final long MOST_BYTES = 1 << 26;
    /** A detector's IoU where no setting says another: the paper's. */
    private static final double USUAL_IOU = 0.04;

    private final Path folder;
    private final RunDirectory directory;

    private StoredRun(Path folder) {
        this.folder = folder;
        this.directory = new RunDirectory(folder);
    }

    /**
     * Reads runs, and single detector tables as runs of one layer and without settings. Tables of several layers of one
     * network share its name.
     *
     * @param iou threshold for all of them; each run's own, and 0.04 of a table, where it is empty
     * @throws InputException where one is neither
     */
    public static List<ComparedRun> readAll(List<NamedPath> paths, OptionalDouble iou) throws IOException {
        List<TableName> names = NamedPath.names(paths);
        List<ComparedRun> runs = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            ComparedRun run = read(paths.get(i).path(), names.get(i).network());
            runs.add(iou.isEmpty() ? run : run.withIou(iou.getAsDouble()));
        }
        return runs;
    }

    /**
     * Reads one.
     *
     * @param name what the run is to be called
     * @throws InputException where it is neither, is unfinished, of another schema, or contradicts itself
     */
    static ComparedRun read(Path path, String name) throws IOException {
        if (Files.isRegularFile(path)) {
            ComparedLayer layer = new ComparedLayer(TableName.of(path).layer(), DetectorTableReader.read(path));
            return new ComparedRun(name, Map.of(), USUAL_IOU, List.of(layer));
        }
        if (!Files.isDirectory(path)) {
            throw new InputException(
                    path + ": " + (Files.exists(path) ? "neither file nor folder" : "no such file or folder")
                            + ", expected a run directory, which 'netdissect dissect --out' writes, or a detector table");
        }
        return new StoredRun(path).run(name);
    }

    private ComparedRun run(String name) throws IOException {
        JsonNode record = record();
        if (!record.path("schemaVersion").canConvertToInt()
                || record.path("schemaVersion").asInt() != RunRecord.SCHEMA_VERSION) {
            throw wrong("schemaVersion is " + given(record.path("schemaVersion")) + ", this program reads "
                    + RunRecord.SCHEMA_VERSION + "; dissect again");
        }
        JsonNode iou = record.path("settings").path("iou");
        if (!iou.isNumber() || !(iou.asDouble() >= 0 && iou.asDouble() < 1)) {
            throw wrong("settings.iou is " + given(iou) + ", expected a number, at least 0 and less than 1");
        }
        List<ComparedLayer> layers = new ArrayList<>();
        for (JsonNode layer : record.path("layers")) {
            layers.add(layer(layer));
        }
        if (layers.isEmpty()) {
            throw wrong("names no layer");
        }
        return new ComparedRun(name, settings(record), iou.asDouble(), layers);
    }

    private JsonNode record() throws IOException {
        Path file = folder.resolve(RunDirectory.RUN);
        if (!Files.isRegularFile(file)) {
            boolean unfinished = Files.exists(folder.resolve(RunDirectory.PARTIAL));
            throw new InputException(folder + ": "
                    + (unfinished ? "holds an unfinished run; repeat it" : "has no " + RunDirectory.RUN)
                    + "; expected a run directory, which 'netdissect dissect --out' writes");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw wrong("has " + Files.size(file) + " bytes, expected at most " + MOST_BYTES);
        }
        try {
            return Json.read(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    private ComparedLayer layer(JsonNode layer) throws IOException {
        String name = layer.path("name").asText();
        if (name.isEmpty()) {
            throw wrong("has a layer without a name");
        }
        Path file = directory.layerFolder(name).resolve(RunDirectory.DETECTORS);
        StoredTable table = DetectorTableReader.read(file);
        int units = table.scores().units().size();
        if (layer.path("units").asInt(-1) != units) {
            throw new InputException(file + ": has " + units + " units, but run.json says " + given(layer.path("units"))
                    + "; one of them is not this run's");
        }
        return new ComparedLayer(name, table);
    }

    /** Settings by their own names; the paths that were given, and versions, behind a dot. */
    private static Map<String, String> settings(JsonNode record) {
        Map<String, String> settings = new TreeMap<>();
        record.path("settings").properties().forEach(entry -> settings.put(entry.getKey(), text(entry.getValue())));
        for (String group : List.of("inputs", "versions")) {
            record.path(group)
                    .properties()
                    .forEach(entry -> settings.put(group + "." + entry.getKey(), text(entry.getValue())));
        }
        settings.put("skipped.images", Integer.toString(record.path("skipped").size()));
        return settings;
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }

    private static String given(JsonNode value) {
        return value.isMissingNode() ? "missing" : Printable.brief(value.toString(), LONGEST_VALUE);
    }

    private InputException wrong(String what) {
        return new InputException(folder.resolve(RunDirectory.RUN) + ": " + what);
    }
}
