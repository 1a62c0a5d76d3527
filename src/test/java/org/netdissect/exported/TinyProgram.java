package org.netdissect.exported;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An archive of torch.export made by a test, in archive version 0. Its image is called {@code x}, sizes [1, 2, 4, 4];
 * its weights hold 0, 1, 2, ...; its output is what the last node gives, unless a test says otherwise.
 */
public final class TinyProgram {
    private static final String ROOT = "L__self__,,test.Net";

    /** Documents and storages by entry name below the folder; a test may change them. */
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private final List<String> inputs = new ArrayList<>();
    private final List<String> nodes = new ArrayList<>();
    private final Map<String, String> meta = new LinkedHashMap<>();
    private final Map<String, String> configs = new LinkedHashMap<>();
    private String last = "x";
    private String schema = "{\"major\": 8, \"minor\": 3}";

    /** A program without nodes. */
    public TinyProgram() {
        meta.put("x", meta(7, 1, 2, 4, 4));
        inputs.add("{\"user_input\": {\"arg\": " + tensor("x") + "}}");
    }

    public static String tensor(String name) {
        return "{\"as_tensor\": {\"name\": \"" + name + "\"}}";
    }

    public static String tensors(String... names) {
        return "{\"as_tensors\": ["
                + Arrays.stream(names)
                        .map(name -> "{\"name\": \"" + name + "\"}")
                        .collect(Collectors.joining(", "))
                + "]}";
    }

    public static String size(String name) {
        return "{\"as_sym_int\": {\"as_name\": \"" + name + "\"}}";
    }

    /** A value of a kind, such as {@code as_int}. */
    public static String value(String kind, Object value) {
        return "{\"" + kind + "\": " + value + "}";
    }

    static String meta(int type, long... sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= sizes[i];
        }
        return meta(type, sizes, strides, 0);
    }

    static String meta(int type, long[] sizes, long[] strides, long offset) {
        return "{\"dtype\": " + type + ", \"sizes\": " + wholes(sizes) + ", \"strides\": " + wholes(strides)
                + ", \"storage_offset\": {\"as_int\": " + offset + "}, \"layout\": 7, \"requires_grad\": false}";
    }

    private static String wholes(long... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(each -> "{\"as_int\": " + each + "}")
                .toList()
                .toString();
    }

    /** Type and sizes of the image or a weight by its name in the graph. */
    TinyProgram meta(String name, String text) {
        meta.put(name, text);
        return this;
    }

    TinyProgram schema(String text) {
        schema = text;
        return this;
    }

    /** Another input of the signature. */
    TinyProgram input(String spec) {
        inputs.add(spec);
        return this;
    }

    /** A parameter; in the graph, its name has {@code p_} in front and underscores for dots. */
    public TinyProgram parameter(String name, long... sizes) {
        long count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteBuffer numbers = ByteBuffer.allocate((int) count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            numbers.putFloat(i);
        }
        return stored(name, meta(7, sizes), numbers.array());
    }

    /** A parameter with a storage of its own. */
    TinyProgram stored(String name, String description, byte[] storage) {
        String graphName = "p_" + name.replace('.', '_');
        meta.put(graphName, description);
        inputs.add(
                "{\"parameter\": {\"arg\": {\"name\": \"" + graphName + "\"}, \"parameter_name\": \"" + name + "\"}}");
        String entry = "weight_" + configs.size();
        configs.put(
                name,
                "{\"path_name\": \"" + entry + "\", \"is_param\": true, \"use_pickle\": false, \"tensor_meta\": "
                        + description + "}");
        entries.put("data/weights/" + entry, storage);
        return this;
    }

    /** What the list of weights says of one. */
    TinyProgram config(String name, String text) {
        configs.put(name, text);
        return this;
    }

    /**
     * A node.
     *
     * @param target without {@code torch.ops.}, with overload
     * @param modules dotted names of the modules around it, separated by blanks
     * @param output JSON of what it gives, or the name of a tensor
     * @param arguments names and values in turn
     */
    public TinyProgram node(String target, String modules, String output, String... arguments) {
        StringBuilder args = new StringBuilder();
        for (int i = 0; i < arguments.length; i += 2) {
            args.append(i == 0 ? "" : ", ")
                    .append("{\"name\": \"")
                    .append(arguments[i])
                    .append("\", \"arg\": ");
            args.append(arguments[i + 1]).append('}');
        }
        String outputs = output.startsWith("{") || output.isEmpty() ? output : tensor(output);
        String full = target.startsWith("_") || target.startsWith("math") || target.startsWith("torch.")
                ? target
                : "torch.ops." + target;
        nodes.add("{\"target\": \"" + full + "\", \"inputs\": [" + args + "], \"outputs\": [" + outputs
                + "], \"metadata\": {\"nn_module_stack\": \"" + stack(modules) + "\", \"stack_trace\": \"  File\"}}");
        last = output.startsWith("{") ? last : output;
        return this;
    }

    /** A call of a module has the key NAME, or NAME@N if its name ends so. */
    private static String stack(String modules) {
        StringBuilder stack = new StringBuilder(ROOT);
        for (String module : modules.isEmpty() ? new String[0] : modules.split(" ")) {
            String path = module.split("@")[0];
            stack.append(";L__").append(module).append(',').append(path).append(",torch.nn.modules.linear.Linear");
        }
        return stack.toString();
    }

    /** Name of the tensor that the network gives. */
    public TinyProgram output(String name) {
        last = name;
        return this;
    }

    /** Replaces an entry. */
    TinyProgram entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    /** The graph's document. */
    String json() {
        String values = meta.entrySet().stream()
                .map(each -> "\"" + each.getKey() + "\": " + each.getValue())
                .collect(Collectors.joining(", "));
        return "{\"graph_module\": {\"graph\": {\"inputs\": [], \"outputs\": [" + tensor(last) + "], \"nodes\": "
                + nodes
                + ", \"tensor_values\": {" + values + "}}, \"signature\": {\"input_specs\": " + inputs
                + ", \"output_specs\": [{\"user_output\": {\"arg\": " + tensor(last)
                + "}}]}}, \"schema_version\": " + schema + "}";
    }

    /** The list of weights. */
    String config() {
        return "{\"config\": {"
                + configs.entrySet().stream()
                        .map(each -> "\"" + each.getKey() + "\": " + each.getValue())
                        .collect(Collectors.joining(", "))
                + "}}";
    }

    /** Writes the archive. */
    public Path write(Path file) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("archive_format", "pt2".getBytes(StandardCharsets.UTF_8));
        all.put("models/model.json", json().getBytes(StandardCharsets.UTF_8));
        all.put("data/weights/model_weights_config.json", config().getBytes(StandardCharsets.UTF_8));
        all.putAll(entries);
        zip(file, "tiny/", all);
        return file;
    }

    static void zip(Path file, String folder, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(folder + entry.getKey()));
                zip.write(entry.getValue());
            }
        }
    }
}
