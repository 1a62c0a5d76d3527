package org.netdissect.exported;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.archive.TensorContent;
import org.netdissect.torchscript.assembly.Assembly;
import org.netdissect.torchscript.field.ReceptiveFields;

/**
 * Any bytes as an archive of torch.export: a whole zip, or, since its checksums would stop all but the first damage, the
 * graph's document and the list of weights with a zero byte between them. Code that is generated must be TorchScript.
 */
public final class ExportedFuzz {
    private static final Path FOLDER = FuzzFolder.create();
    private static final int STORAGE = 64;

    private ExportedFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path file = FOLDER.resolve("fuzz.pt2");
        boolean zip = data.length > 1 && data[0] == 'P' && data[1] == 'K';
        if (zip) {
            Files.write(file, data);
        } else {
            TinyProgram.zip(file, "f/", entries(data));
        }
        ExportedProgram program;
        try {
            program = ExportedProgram.open(file);
            for (TensorContent tensor : program.tensors().values()) {
                tensor.writeTo(OutputStream.nullOutputStream());
            }
        } catch (InputException e) {
            FuzzFolder.expectClear(e, "fuzz.pt2");
            return;
        }
        if (!program.network().allTensors().keySet().equals(program.tensors().keySet())) {
            throw new AssertionError(
                    "other tensors than slots: " + program.tensors().keySet());
        }
        Provenance provenance = new Provenance("", 1, program.batch(), program.inputSize());
        TorchScriptArchive archive;
        try {
            archive = TorchScriptArchive.of(Assembly.of(file, program.network(), program.tensors()::get, provenance));
        } catch (InputException e) {
            throw new AssertionError(
                    "code that is no TorchScript: " + program.network().body(), e);
        }
        ReceptiveFields.of(archive, new GridSize(16, 12));
    }

    private static Map<String, byte[]> entries(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive_format", "pt2".getBytes(StandardCharsets.UTF_8));
        entries.put("models/model.json", Arrays.copyOf(data, end));
        entries.put(
                "data/weights/model_weights_config.json",
                Arrays.copyOfRange(data, Math.min(end + 1, data.length), data.length));
        entries.put("data/weights/weight_0", new byte[STORAGE]);
        entries.put("data/weights/weight_1", new byte[2 * STORAGE]);
        return entries;
    }
}
