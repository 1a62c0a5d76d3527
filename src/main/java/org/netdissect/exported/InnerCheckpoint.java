package org.netdissect.exported;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ModelFormat;
import org.netdissect.weights.OpenZip;
import org.netdissect.weights.StoredTensor;
import org.netdissect.weights.TensorBytes;
import org.netdissect.weights.TensorSet;
import org.netdissect.weights.WeightsFile;

/**
 * Tensors of a file by torch.save that is an entry of an archive. A zip in a zip cannot be read in place; it is copied
 * to a temporary file when its first tensor is asked for.
 */
final class InnerCheckpoint implements TensorStore {
    /** All tensors are at the top, by dotted names. */
    private static final String TOP = ".";

    private final Path file;
    private final OpenZip zip;
    private final String entry;
    private @Nullable Map<String, StoredTensor> tensors;
    private Map<String, String> unreadable = Map.of();

    InnerCheckpoint(Path file, OpenZip zip, String entry) {
        this.file = file;
        this.zip = zip;
        this.entry = entry;
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        try {
            if (tensors == null) {
                tensors = opened();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String problem = unreadable.get(name);
        if (problem != null) {
            throw new InputException(file + ", " + Shown.of(name) + ": " + problem);
        }
        return Optional.ofNullable(tensors.get(name));
    }

    private Map<String, StoredTensor> opened() throws IOException {
        TensorBytes bytes = zip.bytes(entry, ByteOrder.LITTLE_ENDIAN)
                .orElseThrow(() -> new InputException(file + ": has no entry " + Shown.of(entry)));
        Path copy = Files.createTempFile("netdissect-", ".pt");
        // tensors are read from it until the program ends
        copy.toFile().deleteOnExit();
        try (InputStream in = bytes.open(0)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        try {
            return isEmpty(copy) ? Map.of() : read(copy);
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            throw new InputException(message.replace(copy.toString(), file + ", " + Shown.of(entry)), e);
        }
    }

    private Map<String, StoredTensor> read(Path copy) throws IOException {
        try (WeightsFile weights = WeightsFile.open(copy)) {
            TensorSet all = weights.tensors(TOP);
            unreadable = all.unreadable();
            return all.tensors();
        }
    }

    /** Whether it is a checkpoint without numbers: mostly, networks have no constants. */
    private static boolean isEmpty(Path copy) throws IOException {
        if (ModelFormat.of(copy) != ModelFormat.ZIP_CHECKPOINT) {
            return false;
        }
        try (OpenZip inner = OpenZip.open(copy)) {
            return inner.names().stream().noneMatch(name -> name.contains("/data/"));
        }
    }
}
