package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.netdissect.activation.cache.direct.ChannelBytes;
import org.netdissect.base.InputException;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.RunException;
import org.netdissect.base.Workers;
import org.netdissect.table.NpyHeader;

/**
 * Reads one layer's files whole and compares them with their checksums.
 *
 * <p>Takes no lock: files under their final name never change, and of an unfinished array only the chunks finished at
 * the start are read. Memory: a megabyte per thread.
 */
final class LayerVerification {
    private static final int PIECE = 1 << 20;

    private final StoredLayer layer;
    private final int threads;
    private final ProgressListener progress;
    private final List<String> faults = new ArrayList<>();

    private LayerVerification(StoredLayer layer, int threads, ProgressListener progress) {
        this.layer = layer;
        this.threads = threads;
        this.progress = progress;
    }

    /**
     * Verifies a layer.
     *
     * @param progress counts images
     * @return the faults, each a line with file and images (1-based); empty if all is sound
     */
    static List<String> run(StoredLayer layer, int threads, ProgressListener progress) throws IOException {
        LayerVerification verification = new LayerVerification(layer, threads, progress);
        verification.run();
        return verification.faults;
    }

    private void run() throws IOException {
        if (!layer.problem().isEmpty()) {
            faults.add(layer.problem());
        } else if (layer.content().isPresent()) {
            boolean complete = layer.state() == StoredLayer.State.COMPLETE;
            Path file = layer.folder().resolve(complete ? ActivationCache.MANIFEST : CacheFiles.PARTIAL_MANIFEST);
            try {
                Manifest manifest = Manifest.read(file);
                if (LayerKernels.isDamaged(layer.folder())) {
                    faults.add(layer.folder().resolve(LayerKernels.FILE)
                            + ": not readable; the next run computes the first images again and mends it");
                }
                if (complete) {
                    verifyComplete(manifest);
                } else {
                    verifyRest(manifest);
                }
            } catch (NoSuchFileException | RunException e) {
                faults.add(layer.folder() + ": changed while it was verified; verify it again");
            }
        }
    }

    private void verifyComplete(Manifest manifest) throws IOException {
        Path array = layer.folder().resolve(LayerWriter.ARRAY);
        try (FileChannel channel = FileChannel.open(array, StandardOpenOption.READ)) {
            NpyHeader header = NpyHeader.read(channel, array.toString());
            List<Long> shape =
                    List.of((long) manifest.images(), (long) manifest.units(), (long) manifest.mapHeight(), (long)
                            manifest.mapWidth());
            String type = manifest.storedPrecision().npyType();
            if (!header.type().equals(type) || !header.shape().equals(shape)) {
                faults.add(array + ": its header says " + header.type() + " " + header.shape() + ", the manifest "
                        + type + " " + shape);
            }
            if (manifest.checksums().size() != manifest.chunks()) {
                faults.add(layer.folder().resolve(ActivationCache.MANIFEST) + ": "
                        + manifest.checksums().size() + " checksums for " + manifest.chunks() + " chunks");
                return;
            }
            verifyChunks(array, channel, header.dataOffset(), manifest, manifest.checksums());
            long end = header.dataOffset() + manifest.bytesPerImage() * manifest.images();
            if (channel.size() > end) {
                faults.add(array + ": " + (channel.size() - end) + " bytes too long");
            }
        } catch (InputException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        for (Map.Entry<String, String> saved : manifest.thresholds().entrySet()) {
            verifyThresholds(saved.getKey(), saved.getValue());
        }
        for (Path file : DerivedFiles.in(layer.folder())) {
            String fault = DerivedFiles.fault(file);
            if (!fault.isEmpty()) {
                faults.add(file + ": " + fault);
            }
        }
    }

    private void verifyThresholds(String fraction, String checksum) throws IOException {
        Path file = layer.folder().resolve("thresholds-" + fraction + ".npy");
        if (!CacheFiles.isFile(file)) {
            faults.add(file + ": is missing");
        } else if (!LayerFile.checksum(ByteBuffer.wrap(Files.readAllBytes(file)))
                .equals(checksum)) {
            faults.add(file + ": its checksum does not fit");
        }
    }

    /** Verifies the part of an unfinished array that the next run would resume from. Every run rewrites its header. */
    private void verifyRest(Manifest manifest) throws IOException {
        List<String> checksums = StoredLayer.progress(layer.folder());
        if (checksums.isEmpty()) {
            return;
        }
        Path partial = layer.folder().resolve(LayerWriter.PARTIAL);
        Path array = CacheFiles.isFile(partial) ? partial : layer.folder().resolve(LayerWriter.ARRAY);
        int dataOffset = manifest.arrayHeader().remaining();
        try (FileChannel channel = FileChannel.open(array, StandardOpenOption.READ)) {
            int chunks = Math.min(checksums.size(), manifest.chunks());
            verifyChunks(array, channel, dataOffset, manifest, checksums.subList(0, chunks));
        }
    }

    private void verifyChunks(
            Path array, FileChannel channel, int dataOffset, Manifest manifest, List<String> checksums)
            throws IOException {
        SortedMap<Integer, String> damaged = new ConcurrentSkipListMap<>();
        AtomicLong imagesDone = new AtomicLong();
        Workers.run(threads, checksums.size(), () -> {
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
            return chunk -> {
                long first = (long) chunk * manifest.chunkImages();
                long images = Math.min(manifest.chunkImages(), manifest.images() - first);
                long position = dataOffset + first * manifest.bytesPerImage();
                String what = fault(channel, position, images * manifest.bytesPerImage(), checksums.get(chunk), piece);
                if (!what.isEmpty()) {
                    damaged.put(chunk, what);
                }
                progress.progress(imagesDone.addAndGet(images), layer.imagesDone());
            };
        });
        describe(array, manifest, damaged);
    }

    /** Describes the fault of a byte range, unreadable sectors included; empty if there is none. */
    private static String fault(FileChannel channel, long position, long length, String checksum, ByteBuffer piece) {
        CRC32C crc = new CRC32C();
        try {
            for (long done = 0; done < length; done += piece.limit()) {
                piece.clear().limit((int) Math.min(PIECE, length - done));
                if (!ChannelBytes.fill(channel, position + done, piece)) {
                    return "the file ends early";
                }
                crc.update(piece);
            }
        } catch (IOException e) {
            return "cannot be read (" + e.getMessage() + ")";
        }
        return LayerFile.text(crc).equals(checksum) ? "" : "the checksum does not fit";
    }

    /** Joins neighbouring chunks with the same fault to one line: a truncated file has thousands of them. */
    private void describe(Path array, Manifest manifest, SortedMap<Integer, String> damaged) {
        int from = -1;
        for (Map.Entry<Integer, String> entry : damaged.entrySet()) {
            int chunk = entry.getKey();
            String fault = entry.getValue();
            from = from < 0 ? chunk : from;
            if (!fault.equals(damaged.get(chunk + 1))) {
                long last = Math.min(manifest.images(), (chunk + 1L) * manifest.chunkImages());
                faults.add(array + ": images " + ((long) from * manifest.chunkImages() + 1) + " to " + last + ": "
                        + fault);
                from = -1;
            }
        }
    }
}
