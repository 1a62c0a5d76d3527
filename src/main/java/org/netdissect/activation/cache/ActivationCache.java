package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Fingerprint;
import org.netdissect.activation.Precision;
import org.netdissect.activation.cache.direct.DirectWriter;
import org.netdissect.base.FileNames;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;

/**
 * Activations of one network over one probe set on disk: {@code ROOT/<key>/<layer>/activations.npy} with {@code
 * manifest.json} beside it, opened by {@code numpy.load(..., mmap_mode='r')}.
 *
 * <p>An open cache is locked; the error of a second process names the one that holds it.
 */
public final class ActivationCache implements AutoCloseable {
    /**
     * Rises when the meaning of the files changes; part of every key. Version 2 records the machines that agree on a
     * layer's activations, and no longer guesses from an output's rank which axes are rows, columns and units.
     */
    public static final int FORMAT_VERSION = 2;

    static final String MANIFEST = "manifest.json";

    /** Identity field that separates activations of this machine's kernels from those of the common key. */
    private static final String KERNELS = "kernels";

    private final Path folder;
    private final CacheIdentity identity;
    private final Fingerprint here;
    private final CacheLock lock;

    private ActivationCache(Path folder, CacheIdentity identity, Fingerprint here, CacheLock lock) {
        this.folder = folder;
        this.identity = identity;
        this.here = here;
        this.lock = lock;
    }

    /** Opens the cache as {@link #open(Path, CacheIdentity, Fingerprint)} does, for reading only. */
    public static ActivationCache open(Path root, CacheIdentity identity) throws IOException {
        return open(root, identity, Fingerprint.UNKNOWN);
    }

    /**
     * Opens the cache that holds this layer folder: the one of {@code common}, or of one machine's kernels.
     *
     * @param layerFolder {@code ROOT/<key>/<layer>}
     */
    public static ActivationCache openAround(Path layerFolder, CacheIdentity common) throws IOException {
        Path folder = layerFolder.toAbsolutePath().normalize().resolveSibling("");
        Path manifest = layerFolder.resolve(MANIFEST);
        CacheIdentity identity = common;
        if (!folder.endsWith(common.key()) && Files.exists(manifest)) {
            String kernels = Manifest.read(manifest).identity().get(KERNELS);
            identity = kernels == null ? common : common.with(KERNELS, kernels);
        }
        return open(folder.resolveSibling(""), identity);
    }

    /** The identity of activations that only this machine's kernels compute. */
    public static CacheIdentity forKernels(CacheIdentity common, Fingerprint here) {
        return common.with(KERNELS, here.digest());
    }

    /**
     * Opens or creates the cache of {@code identity} under {@code root}.
     *
     * @param here the machine that computes what is missing
     * @throws RunException where another process has it
     */
    public static ActivationCache open(Path root, CacheIdentity identity, Fingerprint here) throws IOException {
        Path folder = root.resolve(identity.key());
        try {
            return new ActivationCache(folder, identity, here, lock(folder));
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
     * Records who uses the activations, for {@code cache list} and {@code cache prune}.
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

    /** Opens a writer through the page cache. */
    public LayerWriter writer(String layer, ActivationShape shape, Precision precision) throws IOException {
        return writer(layer, shape, precision, Optional.empty());
    }

    /**
     * Opens a writer that starts a layer, or resumes what an interrupted run left.
     *
     * @param shape shape of the network's output; leftovers of another shape are dropped
     * @param direct writes past the page cache where the file system can; closed before the layer's writer
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
        return LayerWriter.open(folder(layer), manifest, direct, here);
    }

    /**
     * The first images of a layer, finished or not, or nothing.
     *
     * @throws RunException where the folder holds something else; the message names the field that differs
     */
    public Optional<StoredStart> start(String layer) throws IOException {
        Path layerFolder = folder(layer);
        if (Files.exists(layerFolder.resolve(MANIFEST))) {
            Manifest manifest = Manifest.read(layerFolder.resolve(MANIFEST));
            check(manifest, layer, layerFolder);
            return Optional.of(new StoredStart(layerFolder, manifest, manifest.checksums(), here));
        }
        Path partial = layerFolder.resolve(CacheFiles.PARTIAL_MANIFEST);
        try {
            Manifest manifest = Manifest.read(partial);
            check(manifest, layer, layerFolder);
            return Optional.of(new StoredStart(layerFolder, manifest, StoredLayer.progress(layerFolder), here));
        } catch (NoSuchFileException | RunException e) {
            // unusable leftovers are dropped, and the layer is computed from its first image
            return Optional.empty();
        }
    }

    /** The layers that are complete, by name. */
    public List<String> complete() throws IOException {
        return StoredKey.read(folder).stream()
                .flatMap(key -> key.layers().stream())
                .filter(layer -> layer.state() == StoredLayer.State.COMPLETE)
                .map(StoredLayer::layer)
                .toList();
    }

    /** Records whether this machine's kernels reproduce the stored activations of a layer. */
    public void recordKernels(String layer, boolean isSame) {
        try {
            LayerKernels.read(folder(layer)).with(here, isSame).write(folder(layer));
        } catch (IOException e) {
            // A run whose activations are all there needs no room on a disk that has become full; the next one
            // computes the first images again.
        }
    }

    /** Whether this machine computed the layer, or its origin is unknown. */
    public boolean isOrigin(String layer) {
        return LayerKernels.read(folder(layer)).origin().map(here::equals).orElse(true);
    }

    /** Deletes a layer's files, so that it is computed again. */
    public void drop(String layer) throws IOException {
        Files.deleteIfExists(folder(layer).resolve(MANIFEST));
        Files.deleteIfExists(folder(layer).resolve(LayerWriter.ARRAY));
        DerivedFiles.delete(folder(layer));
        Files.deleteIfExists(folder(layer).resolve(LayerKernels.FILE));
    }

    /** Bytes that a layer still needs on disk, beyond those of an interrupted run. */
    public long bytesNeeded(String layer, ActivationShape shape, Precision precision) throws IOException {
        Path partial = folder(layer).resolve(LayerWriter.PARTIAL);
        long there = Files.exists(partial) ? Files.size(partial) : 0;
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

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
