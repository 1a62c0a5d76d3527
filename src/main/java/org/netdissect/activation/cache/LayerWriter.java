package org.netdissect.activation.cache;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.BlockConsumer;
import org.netdissect.activation.Fingerprint;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Precision;
import org.netdissect.activation.cache.direct.DirectFile;
import org.netdissect.activation.cache.direct.DirectWriter;
import org.netdissect.activation.cache.direct.SpanOutput;
import org.netdissect.base.RunException;
import org.netdissect.base.SafeFiles;

/**
 * Writes the activations of one layer, image after image, so that an interrupted run can resume.
 *
 * <p>The array grows as {@code activations.npy.partial}; the checksum of every finished chunk is appended to {@code
 * progress.log}. Only {@link #finish} gives the array its name. One thread uses the writer; its {@link SpanWriter}s may
 * run in parallel, each on one thread.
 */
public final class LayerWriter implements AutoCloseable {
    static final String ARRAY = "activations.npy";

    static final String PARTIAL = "activations.npy.partial";
    private static final long CHUNK_BYTES = 16L << 20;

    private final Path folder;
    private final LayerFile file;
    private final Optional<DirectFile> direct;
    private final List<String> checksums;
    private final Fingerprint here;
    private int imagesDone;

    private LayerWriter(
            Path folder, LayerFile file, Optional<DirectFile> direct, List<String> checksums, Fingerprint here) {
        this.folder = folder;
        this.file = file;
        this.direct = direct;
        this.checksums = checksums;
        this.here = here;
        this.imagesDone = Math.min(
                checksums.size() * file.manifest().chunkImages(),
                file.manifest().images());
    }

    /** Images per chunk: a power of two up to {@link MapSource#LARGEST_CHUNK}, for chunks of at most about 16 MiB. */
    static int chunkImages(ActivationShape shape, Precision precision) {
        int images = MapSource.LARGEST_CHUNK;
        while (images > 1 && images * (long) shape.valuesPerImage() * precision.bytes() > CHUNK_BYTES) {
            images /= 2;
        }
        return images;
    }

    /**
     * Opens a writer at the first image that is missing.
     *
     * @param direct writer past the page cache, where the file system can
     * @param here the machine that computes the images
     */
    static LayerWriter open(Path folder, Manifest manifest, Optional<DirectWriter> direct, Fingerprint here)
            throws IOException {
        Files.createDirectories(folder);
        DerivedFiles.delete(folder);
        if (!isLeftoverOf(folder, manifest)) {
            Files.deleteIfExists(folder.resolve(PARTIAL));
            Files.deleteIfExists(folder.resolve(CacheFiles.PROGRESS));
            LayerKernels.computedBy(here).write(folder);
            manifest.write(folder.resolve(CacheFiles.PARTIAL_MANIFEST));
        }
        Path array = folder.resolve(PARTIAL);
        if (Files.exists(folder.resolve(ARRAY)) && !Files.exists(array)) {
            // the run ended between renaming and manifest: the array is whole, and is checked like any unfinished one
            Files.move(folder.resolve(ARRAY), array);
        }
        FileChannel channel =
                FileChannel.open(array, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ByteBuffer header = manifest.arrayHeader();
        int dataOffset = header.remaining();
        channel.write(header, 0);
        LayerFile file = new LayerFile(array, channel, manifest, dataOffset);
        List<String> intact = intactChunks(folder, file);
        Optional<DirectFile> directFile = direct.flatMap(writer -> writer.open(array, channel, file.chunkBytes()));
        return new LayerWriter(folder, file, directFile, intact, here);
    }

    private static boolean isLeftoverOf(Path folder, Manifest manifest) throws IOException {
        Path partial = folder.resolve(CacheFiles.PARTIAL_MANIFEST);
        if (!Files.exists(partial) || !Files.exists(folder.resolve(CacheFiles.PROGRESS))) {
            return false;
        }
        try {
            return Manifest.read(partial).equals(manifest);
        } catch (RunException e) {
            return false;
        }
    }

    /** Checksums of the leading chunks that were finished and are still sound. */
    private static List<String> intactChunks(Path folder, LayerFile file) throws IOException {
        List<String> intact = new ArrayList<>();
        Path progress = folder.resolve(CacheFiles.PROGRESS);
        if (Files.exists(progress)) {
            ByteBuffer buffer = file.newBuffer();
            // every byte is a character of this encoding: a damaged line ends the list without an exception
            for (String checksum : Files.readAllLines(progress, StandardCharsets.ISO_8859_1)) {
                int chunk = intact.size();
                if (chunk >= file.manifest().chunks() || !isIntact(file, chunk, checksum, buffer)) {
                    break;
                }
                intact.add(checksum);
            }
        }
        return intact;
    }

    private static boolean isIntact(LayerFile file, int chunk, String checksum, ByteBuffer buffer) throws IOException {
        try {
            file.readBytes(chunk, buffer);
        } catch (EOFException e) {
            return false;
        }
        return LayerFile.checksum(buffer).equals(checksum);
    }

    /** Shape of the whole array. */
    ActivationShape shape() {
        return file.manifest().shape();
    }

    /** Number of leading images that an interrupted run finished. */
    public int imagesDone() {
        return imagesDone;
    }

    /**
     * Drops the images from {@code images} on, so that several layers resume at one image.
     *
     * @param images at most {@link #imagesDone()}; rounded down to a chunk's start
     * @return number of images that remain
     */
    public int rewind(int images) throws IOException {
        int chunks = images >= shape().images()
                ? file.manifest().chunks()
                : images / file.manifest().chunkImages();
        checksums.subList(chunks, checksums.size()).clear();
        imagesDone = Math.min(chunks * file.manifest().chunkImages(), shape().images());
        StringBuilder lines = new StringBuilder();
        checksums.forEach(line -> lines.append(line).append('\n'));
        SafeFiles.write(folder.resolve(CacheFiles.PROGRESS), lines.toString());
        if (checksums.isEmpty()) {
            // this machine now computes every image
            LayerKernels.computedBy(here).write(folder);
        }
        return imagesDone;
    }

    /** Passes the finished images to the consumer, chunk by chunk. */
    public void replay(BlockConsumer consumer) throws IOException {
        ByteBuffer buffer = file.newBuffer();
        for (int chunk = 0; chunk < checksums.size(); chunk++) {
            consumer.accept(file.read(chunk, checksums.get(chunk), null, buffer));
        }
    }

    /** Opens a span of images that starts and ends at chunk borders, or ends with the array. */
    public SpanWriter span(int firstImage, int images) {
        SpanOutput output =
                direct.map(to -> to.output(file.position(firstImage))).orElseGet(() -> file.output(firstImage));
        return new SpanWriter(file.manifest(), output, firstImage, firstImage + images);
    }

    /**
     * Waits until the next span is in the file and records its chunks, so that a later run can resume after it.
     *
     * @throws IOException if the disk did not take it
     */
    public void append(SpanWriter.Written span) throws IOException {
        if (span.firstImage() != imagesDone) {
            throw new IllegalArgumentException("images from " + span.firstImage() + ", expected from " + imagesDone);
        }
        span.await();
        Files.writeString(
                folder.resolve(CacheFiles.PROGRESS),
                String.join("\n", span.checksums()) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        checksums.addAll(span.checksums());
        imagesDone = span.lastImage();
    }

    /** Renames the complete array, opens it for reading and closes the writer. */
    public CachedLayer finish() throws IOException {
        if (imagesDone != shape().images()) {
            throw new IllegalStateException(imagesDone + " of " + shape().images() + " images written");
        }
        close();
        Files.move(file.path(), folder.resolve(ARRAY), StandardCopyOption.ATOMIC_MOVE);
        Manifest manifest = file.manifest().withChecksums(checksums);
        manifest.write(folder.resolve(ActivationCache.MANIFEST));
        Files.deleteIfExists(folder.resolve(CacheFiles.PROGRESS));
        Files.deleteIfExists(folder.resolve(CacheFiles.PARTIAL_MANIFEST));
        return CachedLayer.open(folder, manifest);
    }

    /** Closes the file; the next run can resume it. A direct writer must have ended its writes. */
    @Override
    public void close() throws IOException {
        try {
            if (direct.isPresent()) {
                direct.get().close();
            }
        } finally {
            file.channel().close();
        }
    }
}
