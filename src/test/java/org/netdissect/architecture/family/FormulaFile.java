package org.netdissect.architecture.family;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.Json;
import org.netdissect.torchscript.assembly.TensorSlot;

/** Writes the weights of a published network, made by the formula, as safetensors. */
public final class FormulaFile {
    private FormulaFile() {}

    /**
     * Writes the file.
     *
     * @param architecture as {@code --arch} names it
     * @param prefix before each tensor's name
     */
    public static Path write(Path file, String architecture, int classes, String prefix) throws IOException {
        Map<String, TensorSlot> slots = Families.ALL.stream()
                .flatMap(family -> family.known().stream())
                .filter(network -> network.name().equals(architecture))
                .findFirst()
                .orElseThrow()
                .network()
                .apply(classes)
                .allTensors();
        Map<String, Object> header = new LinkedHashMap<>();
        long at = 0;
        for (Map.Entry<String, TensorSlot> slot : slots.entrySet()) {
            long end = at + FormulaWeights.of(slot.getKey(), slot.getValue()).bytes();
            header.put(
                    prefix + slot.getKey(),
                    Map.of("dtype", "F32", "shape", slot.getValue().sizes(), "data_offsets", List.of(at, end)));
            at = end;
        }
        byte[] json = Json.text(header).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            out.write(json);
            for (Map.Entry<String, TensorSlot> slot : slots.entrySet()) {
                FormulaWeights.of(slot.getKey(), slot.getValue()).writeTo(out);
            }
        }
        return file;
    }
}
