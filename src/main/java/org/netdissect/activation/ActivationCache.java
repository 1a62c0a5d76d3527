package org.netdissect.activation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.netdissect.base.FileNames;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;

/**
 * Activations of one network over one probe set on disk: {@code ROOT/<key>/<layer>/activations.npy} with {@code
 * manifest.json} beside it, opened by {@code numpy.load(..., mmap_mode='r')}.
 *
 * <p>An open cache holds a lock; another process is refused with this one's number.
 */
public final class ActivationCache implements AutoCloseable {
    /** Changes when the files' meaning changes; part of every key. */
    public static final int FORMAT_VERSION = 1;

    static final String MANIFEST = "manifest.json";

    private final Path folder;
    private final CacheIdentity identity;
    private final CacheLock lock;

    private ActivationCache(Path folder, CacheIdentity identity, CacheLock lock) {
        this.folder = folder;
        this.identity = identity;
        this.lock = lock;
    }

    /**
     * Opens or creates the cache of {@code identity} under {@code root}.
     *
     * @throws RunException where another process has it
     */
    public static ActivationCache open(Path root, CacheIdentity identity) throws IOException {
        Path folder = root.resolve(identity.key());
        try {
            return new ActivationCache(folder, identity, lock(folder));
        } catch (IOException e) {
            throw new InputException(
                    "--cache " + root + ": cannot be written (" + e + "); choose another folder with --cache or "
                            + "NETDISSECT_CACHE",
                    e);
        }
    }

    private static CacheLock lock(Path folder) throws IOException {
        Files.createDirectories(folder);
        try {
            return CacheLock.take(folder);
        } catch (NoSuchFileException e) {
            // 'cache prune' in another process removed the folder between these two steps
            Files.createDirectories(folder);
            return CacheLock.take(folder);
        }
    }

    /**
     * Writes down who uses the activations now, for {@code cache list} and {@code cache prune}.
     *
     * @param model path of the network
     * @param probe path of the probe set
     */
    public void recordUse(Path model, Path probe) {
        CacheUse use = new CacheUse(
                model.toAbsolutePath().normalize().toString(),
                probe.toAbsolutePath().normalize().toString(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        try {
            use.write(folder);
        } catch (IOException e) {
            // A run whose activations are all there needs no room on a disk that has become full. Without the note
            // the files' own times tell when the key was used last.
        }
    }

    /** The folder of this identity: {@code ROOT/<key>}. */
    public Path folder() {
        return folder;
    }

    /** The folder of one layer. */
    public Path folder(String layer) {
        return folder.resolve(FileNames.of(layer));
    }

    /**
     * The complete activations of a layer, or nothing.
     *
     * @throws RunException where the folder holds something else; the message names the field that differs
     */
    public Optional<CachedLayer> find(String layer) throws IOException {
        Path layerFolder = folder(layer);
        if (!Files.exists(layerFolder.resolve(MANIFEST))) {
            return Optional.empty();
        }
        Manifest manifest = Manifest.read(layerFolder.resolve(MANIFEST));
        check(manifest, layer, layerFolder);
        if (manifest.checksums().isEmpty()) {
            throw new RunException("cache " + layerFolder + " has no checksums; delete the folder and run again");
        }
        return Optional.of(CachedLayer.open(layerFolder, manifest));
    }

    /** As {@link #writer(String, ActivationShape, Precision, Optional)}, through the page cache. */
    public LayerWriter writer(String layer, ActivationShape shape, Precision precision) throws IOException {
        return writer(layer, shape, precision, Optional.empty());
    }

    /**
     * Begins the activations of a layer, or goes on with those an interrupted run left.
     *
     * @param shape as the network gives them; a rest of another shape is dropped
     * @param direct writes them past the page cache, where the disk's file system knows how; to be closed before the
     *     layer's writer
     */
    public LayerWriter writer(String layer, ActivationShape shape, Precision precision, Optional<DirectWriter> direct)
            throws IOException {
        Manifest manifest = new Manifest(
                FORMAT_VERSION,
                identity.fields(),
                layer,
                shape.images(),
                shape.units(),
                shape.map().height(),
                shape.map().width(),
                precision.toString(),
                LayerWriter.chunkImages(shape, precision),
                List.of(),
                new TreeMap<>());
        return LayerWriter.open(folder(layer), manifest, direct);
    }

    /** Forgets a layer, so that it is computed anew. */
    public void drop(String layer) throws IOException {
        Files.deleteIfExists(folder(layer).resolve(MANIFEST));
        Files.deleteIfExists(folder(layer).resolve(LayerWriter.ARRAY));
        AlignmentFiles.delete(folder(layer));
    }

    /** Bytes on disk that a layer still needs, what an interrupted run left being there already. */
    public long bytesNeeded(String layer, ActivationShape shape, Precision precision) throws IOException {
        Path rest = folder(layer).resolve(LayerWriter.PARTIAL);
        long there = Files.exists(rest) ? Files.size(rest) : 0;
        return Math.max(0, Math.multiplyExact(shape.values(), precision.bytes()) - there);
    }

    private void check(Manifest manifest, String layer, Path layerFolder) {
        List<String> differences = identity.differences(new CacheIdentity(manifest.identity()));
        if (!manifest.layer().equals(layer)) {
            differences.add("layer: " + layer + ", " + manifest.layer());
        }
        if (!differences.isEmpty()) {
            throw new RunException("cache " + layerFolder + " holds other activations (" + differences.get(0)
                    + "); delete the folder or choose another --cache");
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
