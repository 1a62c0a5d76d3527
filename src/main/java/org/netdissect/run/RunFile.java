package org.netdissect.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;

/**
 * Reads and writes {@code run.json}. Each part is read when it is needed, so that a run without it can be used for the
 * others.
 */
public final class RunFile {
    static final String NAME = "run.json";
    /** The file of a run that is not complete; it names the layers. */
    static final String PARTIAL = "run.json.partial";

    /** Rises when the meaning of fields changes. */
    private static final int VERSION = 1;

    private static final long MOST_BYTES = 1 << 26;
    private static final String EXPECTED = "expected a run directory, which 'netdissect dissect --out' writes";

    /** Most activating images of a unit in the report. */
    public static final String TOP_IMAGES = "topImages";
    /** Least activating images of a unit in the report. */
    public static final String LEAST_IMAGES = "leastImages";

    private static final String REPORT = "report";
    private static final String SCHEMA_VERSION = "schemaVersion";
    private static final String VERSIONS = "versions";
    private static final String INPUTS = "inputs";
    private static final String MODEL = "model";
    private static final String PROBE = "probe";
    private static final String FOLDER = "folder";
    private static final String LIMIT = "limit";
    private static final String SETTINGS = "settings";
    private static final String SKIPPED = "skipped";
    private static final String LAYERS = "layers";

    private final JsonNode root;
    private final JsonFields fields;

    private RunFile(Path file, JsonNode root) {
        this.root = root;
        this.fields = JsonFields.of(file, root);
    }

    /**
     * A layer, or the lower tail of one, that was dissected.
     *
     * @param activations path of its array in the cache, or null without a cache
     */
    public record Layer(String name, int units, @Nullable String activations) {}

    /** Writes the record of a complete run. */
    static void write(Path folder, RunRecord run) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(SCHEMA_VERSION, VERSION);
        json.put("commandLine", run.commandLine());
        json.put("started", run.started());
        json.put(VERSIONS, run.versions());
        json.put(INPUTS, inputs(run));
        json.put(SETTINGS, run.settings().recorded());
        json.put("seeds", run.settings().seeds());
        json.put(SKIPPED, run.skipped());
        json.put(LAYERS, run.layers());
        json.put("batches", run.batches());
        json.put(REPORT, run.report());
        json.put("timings", run.timings());
        SafeFiles.write(folder.resolve(NAME), Json.text(json) + "\n");
    }

    private static Map<String, String> inputs(RunRecord run) {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put(MODEL, run.model().toString());
        inputs.put(PROBE, run.probe().toString());
        inputs.put(FOLDER, Path.of("").toAbsolutePath().toString());
        run.settings().selection().limit().ifPresent(limit -> inputs.put(LIMIT, Integer.toString(limit)));
        return inputs;
    }

    /** Writes the names of the layers when a run starts to write tables. */
    static void writePartial(Path folder, List<String> layers) throws IOException {
        Map<String, Object> json = Map.of(
                LAYERS, layers.stream().map(layer -> Map.of("name", layer)).toList());
        SafeFiles.write(folder.resolve(PARTIAL), Json.text(json) + "\n");
    }

    /**
     * Reads the record of a complete run.
     *
     * @throws InputException if there is none, or it is damaged or of another version
     */
    public static RunFile read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException(
                    folder + ": " + (Files.exists(folder) ? "is a file, " : "no such file or folder, ") + EXPECTED);
        }
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            boolean unfinished = Files.exists(folder.resolve(PARTIAL));
            throw new InputException(folder + ": "
                    + (unfinished ? "holds an unfinished run; repeat it" : "has no " + NAME) + "; " + EXPECTED);
        }
        RunFile run = parse(file);
        JsonNode version = run.root.path(SCHEMA_VERSION);
        if (!version.canConvertToInt() || version.asInt() != VERSION) {
            throw run.fields.wrong(SCHEMA_VERSION, "this program reads " + VERSION);
        }
        return run;
    }

    /** Names of the layers in a record, complete or not. There are none in a missing or damaged record. */
    public static List<String> layers(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return parse(file).root.path(LAYERS).findValuesAsText("name");
        } catch (InputException damaged) {
            return List.of();
        }
    }

    private static RunFile parse(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
            throw new InputException(file + ": expected a file of at most " + MOST_BYTES + " bytes");
        }
        try {
            return new RunFile(file, Json.read(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + ": is not JSON (" + e.getOriginalMessage() + "): it is damaged; dissect again", e);
        }
    }

    /** All settings. */
    public RunSettings settings() {
        JsonFields inputs = fields.object(INPUTS);
        OptionalInt limit = OptionalInt.empty();
        if (inputs.has(LIMIT)) {
            String text = inputs.text(LIMIT);
            limit = OptionalInt.of(inputs.made(LIMIT, () -> Integer.parseInt(text)));
        }
        return RunSettings.read(fields.object(SETTINGS), limit);
    }

    /** The IoU that a detector's score exceeds. */
    double iou() {
        return Sweep.read(fields.object(SETTINGS)).ious().get(0);
    }

    /** The first setting that differs, as {@code NAME is VALUE there and VALUE here}; empty where all are equal. */
    String difference(RunSettings here) {
        JsonNode before = root.path(SETTINGS);
        JsonNode now = Json.tree(here.recorded());
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        now.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            // compared as text: numbers change their class when they are read back
            String a = before.has(name) ? before.get(name).toString() : "not given";
            String b = now.has(name) ? now.get(name).toString() : "not given";
            if (!a.equals(b)) {
                return name + " is " + a + " there and " + b + " here";
            }
        }
        return "";
    }

    /**
     * Settings as text by name; paths, versions and the number of skipped images have the name of their group in front.
     */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>(fields.object(SETTINGS).texts());
        for (String group : List.of(INPUTS, VERSIONS)) {
            fields.object(group).texts().forEach((name, value) -> texts.put(group + "." + name, value));
        }
        texts.put(SKIPPED + ".images", Integer.toString(root.path(SKIPPED).size()));
        return texts;
    }

    /** The machine that ran the network, as {@link Versions#PROCESSOR}; earlier versions did not record it. */
    Optional<String> processor() {
        JsonFields versions = fields.object(VERSIONS);
        return versions.has(Versions.PROCESSOR) ? Optional.of(versions.text(Versions.PROCESSOR)) : Optional.empty();
    }

    /** Path of the network, seen from where this program runs. */
    public Path model() {
        return input(MODEL);
    }

    /** Path of the probe set, seen from where this program runs. */
    public Path probe() {
        return input(PROBE);
    }

    /** A path that the user gave, resolved against the folder in which the run was started. */
    private Path input(String name) {
        JsonFields inputs = fields.object(INPUTS);
        String path = inputs.text(name);
        String folder = inputs.has(FOLDER) ? inputs.text(FOLDER) : "";
        return inputs.made(name, () -> Path.of(folder).resolve(path));
    }

    /** Lines of index.csv, from 1 for the header, whose images were left out. */
    public Set<Integer> skippedRows() {
        Set<Integer> rows = new HashSet<>();
        fields.objects(SKIPPED).forEach(image -> rows.add(image.integer("row")));
        return rows;
    }

    /** Number of a unit's images that the report shows; {@code otherwise} where there is no record of it. */
    public int shown(String images, int otherwise) {
        JsonFields report = fields.object(REPORT);
        return report.has(images) ? report.integer(images) : otherwise;
    }

    /** The layers, at least one. */
    public List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        for (JsonFields layer : fields.objects(LAYERS)) {
            String name = layer.has("name") ? layer.text("name") : "";
            if (name.isEmpty()) {
                throw fields.refused("has a layer without a name");
            }
            String activations = layer.has("activations") ? layer.text("activations") : null;
            layers.add(new Layer(name, layer.integer("units"), activations));
        }
        if (layers.isEmpty()) {
            throw fields.refused("names no layer");
        }
        return layers;
    }
}
