package org.netdissect.exported;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.weights.OpenZip;
import org.netdissect.weights.StoredTensor;
import org.netdissect.weights.TensorBytes;

/** Tensors whose storages are entries of the archive, by a document that lists them. */
final class RawTensors implements TensorStore {
    private final Path file;
    private final OpenZip zip;
    private final String folder;
    private final ByteOrder order;
    private final JsonPart list;
    private final Map<String, TensorBytes> storages = new HashMap<>();

    /**
     * Tensors of a list.
     *
     * @param folder of the storages
     * @param list entry and sizes by name
     */
    RawTensors(Path file, OpenZip zip, String folder, ByteOrder order, JsonPart list) {
        this.file = file;
        this.zip = zip;
        this.folder = folder;
        this.order = order;
        this.list = list;
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        Optional<JsonPart> found = list.find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JsonPart item = found.get();
        String entry = folder + item.at("path_name").text();
        String label = file + ", " + Shown.of(name);
        try {
            if (item.find("use_pickle").map(JsonPart::flag).orElse(false)) {
                throw new InputException(label + ": was saved as an object of Python, of a class of its own; save a"
                        + " network whose weights are plain tensors");
            }
            TensorMeta meta = TensorMeta.read(item.at("tensor_meta"));
            ScalarType type = meta.type()
                    .orElseThrow(() -> new InputException(label
                            + ": has complex, quantised, sparse or 8-bit numbers, which cannot be computed with here"));
            List<Long> sizes = meta.fixedSizes().orElseThrow(() -> item.wrong("has open sizes"));
            return Optional.of(StoredTensor.of(
                    label, type.element(), sizes, meta.strides(), meta.offset(), storage(label, entry)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TensorBytes storage(String label, String entry) throws IOException {
        TensorBytes known = storages.get(entry);
        if (known == null) {
            known = zip.bytes(entry, order)
                    .orElseThrow(() -> new InputException(
                            label + ": its numbers are missing: there is no entry " + Shown.of(entry)));
            storages.put(entry, known);
        }
        return known;
    }
}
