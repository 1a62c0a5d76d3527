package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.direct.DirectInput;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.table.NpyArray;
import org.netdissect.table.NpyHeader;

/** The complete activations of one layer in the cache. Chunks may be read by several threads at once. */
public final class CachedLayer implements LayerActivations, AutoCloseable {
    private final Path folder;
    private final LayerFile file;
    private Manifest manifest;
    private @Nullable DirectInput direct;

    private CachedLayer(Path folder, LayerFile file, Manifest manifest) {
        this.folder = folder;
        this.file = file;
        this.manifest = manifest;
    }

    static CachedLayer open(Path folder, Manifest manifest) throws IOException {
        Path array = folder.resolve(LayerWriter.ARRAY);
        if (!Files.exists(array)) {
            throw new RunException(array + " is missing; delete the folder " + folder + " and run again");
        }
        FileChannel channel = FileChannel.open(array, StandardOpenOption.READ);
        NpyHeader header;
        try {
            header = NpyHeader.read(channel, array.toString());
        } catch (InputException e) {
            channel.close();
            throw new RunException(e.getMessage() + "; delete the folder " + folder + " and run again", e);
        }
        return new CachedLayer(folder, new LayerFile(array, channel, manifest, header.dataOffset()), manifest);
    }

    @Override
    public String layer() {
        return manifest.layer();
    }

    @Override
    public ActivationShape shape() {
        return manifest.shape();
    }

    /** Size of all values on disk in bytes. */
    public long bytes() {
        return shape().images() * manifest.bytesPerImage();
    }

    /** The array file. */
    public Path path() {
        return file.path();
    }

    @Override
    public int chunks() {
        return manifest.chunks();
    }

    @Override
    public int chunkImages() {
        return manifest.chunkImages();
    }

    /**
     * Switches to reading past the page cache, where the chunk size and the file system allow it. Must be called before
     * buffers are made and threads read.
     */
    public void readDirectly() {
        if (direct == null) {
            direct = DirectInput.open(file.path(), file.channel(), file.chunkBytes())
                    .orElse(null);
        }
    }

    /** Size of a chunk in bytes, with the blocks around it if it is read directly. */
    @Override
    public int bufferBytes() {
        return direct == null ? file.chunkBytes() : direct.bufferBytes(file.chunkBytes());
    }

    /**
     * Reads a chunk and checks it against its checksum.
     *
     * @throws DamagedCacheException where a byte was changed; the message names file and images
     */
    @Override
    public ActivationBlock read(int chunk, ByteBuffer buffer) throws IOException {
        return file.read(chunk, manifest.checksums().get(chunk), direct, buffer);
    }

    /** Digest of the stored activations: their shape and the checksums of their chunks. */
    public String digest() {
        return manifest.shape() + " " + manifest.precision() + " " + manifest.chunkImages() + " "
                + String.join(" ", manifest.checksums());
    }

    /** Files of alignment results. */
    public DerivedFiles alignments() {
        return new DerivedFiles(folder);
    }

    /** Files of baseline draws. */
    public DerivedFiles baselines() {
        return new DerivedFiles(folder, DerivedFiles.Kind.BASELINE);
    }

    /** Finds the chunks whose checksum fails, in order. */
    public List<Integer> damagedChunks() throws IOException {
        List<Integer> damaged = new ArrayList<>();
        ByteBuffer buffer = newBuffer();
        for (int chunk = 0; chunk < chunks(); chunk++) {
            try {
                read(chunk, buffer);
            } catch (DamagedCacheException e) {
                damaged.add(chunk);
            }
        }
        return damaged;
    }

    /** Opens the array for {@link LayerRepair}. */
    public LayerRepair repair() throws IOException {
        FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new LayerRepair(new LayerFile(path(), channel, manifest, file.dataOffset()));
    }

    /** Reads the thresholds saved for this quantile; nothing if there are none or their file was changed. */
    public Optional<Thresholds> thresholds(Quantile quantile) throws IOException {
        String name = quantile.toString();
        String checksum = manifest.thresholds().get(name);
        Path path = thresholdFile(name);
        if (checksum == null || !Files.exists(path) || !checksum.equals(checksumOf(path))) {
            return Optional.empty();
        }
        return Optional.of(new Thresholds(NpyArray.read(path).values()));
    }

    /** Saves thresholds beside the activations. */
    public void saveThresholds(Quantile quantile, Thresholds thresholds) throws IOException {
        String name = quantile.toString();
        NpyArray.write(thresholdFile(name), thresholds.toArray(), thresholds.toArray().length);
        manifest = manifest.withThresholds(name, checksumOf(thresholdFile(name)));
        manifest.write(folder.resolve(ActivationCache.MANIFEST));
    }

    private Path thresholdFile(String name) {
        return folder.resolve("thresholds-" + name + ".npy");
    }

    private static String checksumOf(Path path) throws IOException {
        return LayerFile.checksum(ByteBuffer.wrap(Files.readAllBytes(path)));
    }

    @Override
    public void close() throws IOException {
        try {
            if (direct != null) {
                direct.close();
            }
        } finally {
            file.channel().close();
        }
    }
}
