package org.netdissect.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Hand-made archives; the default root class is {@code __torch__.Net}. */
public final class TinyArchive {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** An archive without code. */
    public TinyArchive() {
        entry("net/data/0", new byte[] {1, 2, 3});
        entry("net/data.pkl", pickle("__torch__", "Net"));
    }

    /** Pickle with protocol 2, GLOBAL, an empty object and STOP, the start of what PyTorch writes. */
    public static byte[] pickle(String module, String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2, 'c'});
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {'q', 0, ')', (byte) 0x81, '}', 'b', '.'});
        return out.toByteArray();
    }

    public TinyArchive entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    TinyArchive without(String name) {
        entries.remove(name);
        return this;
    }

    /** Adds source of {@code __torch__.*}, whose classes are {@code __torch__.X}. */
    public TinyArchive code(String text) {
        return entry("net/code/__torch__.py", text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Makes an archive that the engine loads. The root has the submodules {@code name, class, name, class, ...},
     * without weights.
     */
    public TinyArchive runnable(String... submodules) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        beginObject(out, "Net");
        out.write('(');
        for (int i = 0; i < submodules.length; i += 2) {
            string(out, submodules[i]);
            beginObject(out, submodules[i + 1]);
            out.write('b');
        }
        out.writeBytes(new byte[] {'u', 'b', '.'});
        return entry("net/data.pkl", out.toByteArray())
                .entry("net/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'})
                .entry("net/version", new byte[] {'3', '\n'});
    }

    /**
     * Makes an archive that the engine loads. Its only submodule has a float32 weight {@code w} of shape {@code (n, 1,
     * 1)}.
     */
    public TinyArchive weighted(String submodule, String type, float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return weighted(submodule, type, "FloatStorage", "cpu", new int[] {values.length, 1, 1}, data.array());
    }

    /**
     * As {@link #weighted(String, String, float...)}, with a weight of any shape, type and device.
     *
     * @param storage such as {@code HalfStorage}
     * @param data little-endian
     */
    public TinyArchive weighted(
            String submodule, String type, String storage, String device, int[] shape, byte[] data) {
        runnable(submodule, type);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        beginObject(out, "Net");
        string(out, submodule);
        beginObject(out, type);
        string(out, "w");
        out.writeBytes("ctorch._utils\n_rebuild_tensor_v2\n((".getBytes(StandardCharsets.UTF_8));
        string(out, "storage");
        out.writeBytes(("ctorch\n" + storage + "\n").getBytes(StandardCharsets.UTF_8));
        string(out, "0");
        string(out, device);
        int count = java.util.stream.IntStream.of(shape).reduce(1, (one, other) -> one * other);
        // BINPERSID of the storage, its offset, shape, strides, no gradient, no hooks
        out.writeBytes(new byte[] {'K', (byte) count, 't', 'Q', 'K', 0, '('});
        for (int size : shape) {
            out.writeBytes(new byte[] {'K', (byte) size});
        }
        out.writeBytes(new byte[] {'t', '('});
        int stride = count;
        for (int size : shape) {
            stride /= size;
            out.writeBytes(new byte[] {'K', (byte) stride});
        }
        out.writeBytes(new byte[] {'t', (byte) 0x89});
        out.writeBytes("ccollections\nOrderedDict\n)RtR".getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {'s', 'b', 's', 'b', '.'});
        return entry("net/data.pkl", out.toByteArray()).entry("net/data/0", data);
    }

    /**
     * Adds a data.pkl in which these attributes are tensors of these sizes: {@code path, "64,3,7,7", path, ...}. It has
     * no data, so that the archive can be inspected but not loaded.
     */
    public TinyArchive tensors(String... pathsAndSizes) {
        Map<String, Object> root = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndSizes.length; i += 2) {
            put(root, pathsAndSizes[i], pathsAndSizes[i + 1]);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        object(out, "Net", root);
        out.write('.');
        return entry("net/data.pkl", out.toByteArray());
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> owner, String path, String sizes) {
        String[] parts = path.split("\\.", 2);
        if (parts.length == 1) {
            owner.put(path, sizes);
        } else {
            Object child = owner.computeIfAbsent(parts[0], name -> new LinkedHashMap<String, Object>());
            put((Map<String, Object>) child, parts[1], sizes);
        }
    }

    @SuppressWarnings("unchecked")
    private static void object(ByteArrayOutputStream out, String type, Map<String, Object> attributes) {
        beginObject(out, type);
        out.write('(');
        attributes.forEach((name, value) -> {
            string(out, name);
            if (value instanceof String sizes) {
                tensor(out, sizes);
            } else {
                object(out, "M_" + name, (Map<String, Object>) value);
            }
        });
        out.writeBytes(new byte[] {'u', 'b'});
    }

    private static void tensor(ByteArrayOutputStream out, String sizes) {
        out.writeBytes("ctorch._utils\n_rebuild_tensor_v2\n((".getBytes(StandardCharsets.UTF_8));
        string(out, "storage");
        out.writeBytes(new byte[] {'t', 'Q', 'K', 0, '('});
        for (String size : sizes.split(",")) {
            int value = Integer.parseInt(size);
            out.writeBytes(new byte[] {'M', (byte) value, (byte) (value >> 8)});
        }
        out.writeBytes(new byte[] {'t', '(', 't', (byte) 0x89});
        out.writeBytes("ccollections\nOrderedDict\n)RtR".getBytes(StandardCharsets.UTF_8));
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(new byte[] {(byte) bytes.length, 0, 0, 0});
        out.writeBytes(bytes);
    }

    /**
     * Writes GLOBAL, an empty tuple, NEWOBJ and an empty dictionary; the caller fills the dictionary and writes BUILD.
     */
    private static void beginObject(ByteArrayOutputStream out, String type) {
        out.writeBytes(("c__torch__\n" + type + "\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {')', (byte) 0x81, '}'});
    }

    /** Writes the archive to a new file in the folder. */
    public Path writeTo(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "tiny", ".pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    static TorchScriptArchive open(Path folder, String code) throws IOException {
        return TorchScriptArchive.open(new TinyArchive().code(code).writeTo(folder));
    }

    /** Source of {@code __torch__.py} after rewriting. */
    static String tapped(Path folder, String code, String... layers) throws IOException {
        Path file = Files.createTempFile(folder, "tapped", ".pt");
        try (var out = Files.newOutputStream(file)) {
            open(folder, code).writeTapped(java.util.List.of(layers), out);
        }
        return text(file, "net/code/__torch__.py");
    }

    /** Text of an entry. */
    public static String text(Path file, String entry) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                var in = zip.getInputStream(zip.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
