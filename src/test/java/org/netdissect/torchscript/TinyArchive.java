package org.netdissect.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Archives made by hand: the root class is {@code __torch__.Net} unless said otherwise. */
final class TinyArchive {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    TinyArchive() {
        entry("net/data/0", new byte[] {1, 2, 3});
        entry("net/data.pkl", pickle("__torch__", "Net"));
    }

    /** Protocol 2, GLOBAL, an empty object, STOP: the head of what PyTorch writes. */
    static byte[] pickle(String module, String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2, 'c'});
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {'q', 0, ')', (byte) 0x81, '}', 'b', '.'});
        return out.toByteArray();
    }

    TinyArchive entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    TinyArchive without(String name) {
        entries.remove(name);
        return this;
    }

    /** Source of {@code __torch__.*}; classes in it are {@code __torch__.X}. */
    TinyArchive code(String text) {
        return entry("net/code/__torch__.py", text.getBytes(StandardCharsets.UTF_8));
    }

    Path writeTo(Path folder) throws IOException {
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

    /** The source of {@code __torch__.py} after rewriting. */
    static String tapped(Path folder, String code, String... layers) throws IOException {
        Path file = Files.createTempFile(folder, "tapped", ".pt");
        try (var out = Files.newOutputStream(file)) {
            open(folder, code).writeTapped(java.util.List.of(layers), out);
        }
        return text(file, "net/code/__torch__.py");
    }

    static String text(Path file, String entry) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                var in = zip.getInputStream(zip.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
