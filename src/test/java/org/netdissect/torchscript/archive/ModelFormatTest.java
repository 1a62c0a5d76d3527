package org.netdissect.torchscript.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.InputException;

class ModelFormatTest {
    @TempDir
    Path folder;

    private Path write(String name, String latin1) throws IOException {
        return Files.write(folder.resolve(name), latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Path zip(String... entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(1);
            }
        }
        return Files.write(folder.resolve("model.pt"), out.toByteArray());
    }

    @Test
    void formatsAreToldByContent() throws IOException {
        assertEquals(ModelFormat.TORCHSCRIPT, ModelFormat.of(zip("m/data.pkl", "m/code/__torch__.py")));
        assertEquals(ModelFormat.ZIP_CHECKPOINT, ModelFormat.of(zip("m/data.pkl", "m/data/0")));
        assertEquals(ModelFormat.EXPORTED, ModelFormat.of(zip("m/archive_format", "m/models/model.json")));
        assertEquals(ModelFormat.EXPORTED, ModelFormat.of(zip("version", "serialized_exported_program.json")));
        assertEquals(ModelFormat.LEGACY_CHECKPOINT, ModelFormat.of(write("a.pth.tar", "\u0080\u0002\u008a\n")));
        assertEquals(ModelFormat.SAFETENSORS, ModelFormat.of(write("a.bin", "\u0080\u0002\0\0\0\0\0\0{\"a\"")));
        assertEquals(ModelFormat.SAFETENSORS, ModelFormat.of(write("a.safetensors", "")));
        assertEquals(ModelFormat.SHARD_INDEX, ModelFormat.of(write("a.index.json", "{\"weight_map\"")));
        assertTrue(ModelFormat.SAFETENSORS.isWeights());
        assertTrue(!ModelFormat.EXPORTED.isWeights());
    }

    private static void assertRefused(String expected, Path file) {
        InputException e = assertThrows(InputException.class, () -> ModelFormat.of(file));
        assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).startsWith(file.toString()), e.getMessage());
    }

    @Test
    void otherFilesHaveTheirOwnLine() throws IOException {
        assertRefused("no such file", folder.resolve("none"));
        assertRefused("no such file", folder);
        assertRefused("is empty; expected a TorchScript archive", write("a.pth", ""));
        assertRefused("neither a network nor weights", write("a.pth", "hello"));
        assertRefused("Git LFS pointer", write("a.safetensors", "version https://git-lfs.github.com/spec/v1\noid 1"));
        assertRefused("damaged or cut-off zip", write("a.pth", "PK\u0003\u0004"));
        assertRefused("ExecuTorch", write("a.pte", "\0\0\0\0ET12"));
        assertRefused("is a tar", write("a.pth.tar", "a".repeat(257) + "ustar"));
        assertRefused("gzip", write("a.pth", "\u001f\u008b\b"));
        assertRefused("HDF5", write("a.h5", "\u0089HDF\r\n"));
        assertRefused("web page", write("a.pth", "<!DOCTYPE html>"));
        assertRefused("not read", write("a.onnx", "\b\u0007"));
        assertRefused("AOTInductor", zip("m/archive_format", "m/data/aotinductor/model/a.so"));
        assertRefused("arrays of NumPy", zip("a.npy", "b.npy"));
        assertRefused("unpack it and give weights/best.pth", zip("weights/readme", "weights/best.pth"));
        assertRefused("no data.pkl", zip("a/b"));
        assertRefused("points out of the archive", zip("../a"));
    }
}
