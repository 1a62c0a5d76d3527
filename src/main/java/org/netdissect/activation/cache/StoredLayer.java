package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Precision;
import org.netdissect.base.FileNames;
import org.netdissect.base.RunException;

/**
 * One layer's folder in the cache, as its manifest describes it; the array is not read.
 *
 * @param folder {@code ROOT/<key>/<layer>}
 * @param layer dotted name, or the folder's name without a manifest
 * @param state whether it is complete
 * @param content shape and precision, or nothing without a manifest
 * @param imagesDone images that need not be computed again
 * @param bytes size of all its files
 * @param problem reason why it cannot be used, or empty
 */
record StoredLayer(
        Path folder, String layer, State state, Optional<Content> content, int imagesDone, long bytes, String problem) {

    /** State of a layer's activations. */
    enum State {
        /** Complete, judged without reading the array. */
        COMPLETE,
        /** Left by an interrupted run or deletion, or being written now. */
        UNFINISHED,
        /** Manifest or array cannot be used. */
        DAMAGED
    }

    /** Contents of the array. */
    record Content(ActivationShape shape, Precision precision) {}

    /** Reads a layer's folder; nothing if it holds something else. */
    static Optional<StoredLayer> read(Path folder) throws IOException {
        try {
            return readOnce(folder);
        } catch (NoSuchFileException e) {
            // a running process has just completed the layer: partial.json was there and is gone
            return readOnce(folder);
        }
    }

    private static Optional<StoredLayer> readOnce(Path folder) throws IOException {
        List<Path> files =
                CacheFiles.in(folder).stream().filter(CacheFiles::isOfLayer).toList();
        if (files.isEmpty() && !CacheFiles.in(folder).isEmpty()) {
            return Optional.empty();
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += CacheFiles.size(file);
        }
        Path manifest = folder.resolve(ActivationCache.MANIFEST);
        if (CacheFiles.isFile(manifest)) {
            return Optional.of(read(folder, manifest, State.COMPLETE, bytes));
        }
        Path partial = folder.resolve(CacheFiles.PARTIAL_MANIFEST);
        if (CacheFiles.isFile(partial)) {
            return Optional.of(read(folder, partial, State.UNFINISHED, bytes));
        }
        return Optional.of(new StoredLayer(
                folder, folder.getFileName().toString(), State.UNFINISHED, Optional.empty(), 0, bytes, ""));
    }

    private static StoredLayer read(Path folder, Path file, State state, long bytes) throws IOException {
        String name = folder.getFileName().toString();
        State broken = state == State.COMPLETE ? State.DAMAGED : state;
        Manifest manifest;
        try {
            manifest = Manifest.read(file);
        } catch (RunException e) {
            return new StoredLayer(
                    folder, name, broken, Optional.empty(), 0, bytes, file + ": not a readable manifest");
        }
        Optional<String> fault = manifest.fault();
        if (fault.isPresent()) {
            return new StoredLayer(folder, name, broken, Optional.empty(), 0, bytes, file + ": " + fault.get());
        }
        Content content = new Content(manifest.shape(), manifest.storedPrecision());
        String problem = state == State.COMPLETE ? problem(folder, file, manifest) : "";
        return new StoredLayer(
                folder,
                manifest.layer(),
                problem.isEmpty() ? state : State.DAMAGED,
                Optional.of(content),
                state == State.COMPLETE ? manifest.images() : imagesDone(folder, manifest),
                bytes,
                problem);
    }

    private static String problem(Path folder, Path file, Manifest manifest) {
        String key = new CacheIdentity(manifest.identity()).key();
        if (!folder.endsWith(Path.of(key, folder.getFileName().toString()))) {
            return file + ": belongs to another key, " + key;
        }
        if (!folder.endsWith(FileNames.of(manifest.layer()))) {
            return file + ": belongs to layer " + manifest.layer();
        }
        Path array = folder.resolve(LayerWriter.ARRAY);
        return CacheFiles.isFile(array) ? "" : array + ": is missing";
    }

    private static int imagesDone(Path folder, Manifest manifest) throws IOException {
        long chunks = progress(folder).size();
        return (int) Math.min(manifest.images(), chunks * manifest.chunkImages());
    }

    /** Reads the checksums of an unfinished layer's chunks. */
    static List<String> progress(Path folder) throws IOException {
        Path log = folder.resolve(CacheFiles.PROGRESS);
        // a damaged log need not be text
        return CacheFiles.isFile(log)
                ? Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1)
                : List.of();
    }

    /** Lists the cache's files in the folder. */
    List<Path> files() throws IOException {
        return CacheFiles.in(folder).stream().filter(CacheFiles::isOfLayer).toList();
    }

    /** Lists the foreign entries of the folder. */
    List<ForeignEntry> foreign() throws IOException {
        List<ForeignEntry> foreign = new ArrayList<>();
        for (Path file : CacheFiles.in(folder)) {
            if (!CacheFiles.isOfLayer(file)) {
                foreign.add(ForeignEntry.of(file));
            }
        }
        return foreign;
    }

    /** Whether the folder is certainly a layer's: it has a sound manifest, or an array beside a damaged one. */
    boolean isProven() {
        boolean hasArray = CacheFiles.isFile(folder.resolve(LayerWriter.ARRAY))
                || CacheFiles.isFile(folder.resolve(LayerWriter.PARTIAL));
        return content.isPresent() || (!problem.isEmpty() && hasArray);
    }
}
