package org.netdissect.activation.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Precision;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.base.GridSize;
import org.netdissect.base.Json;
import org.netdissect.base.RunException;
import org.netdissect.base.SafeFiles;
import org.netdissect.table.NpyHeader;

/**
 * Contents of {@code manifest.json}, which describes one layer's activations.
 *
 * @param formatVersion of the cache, see {@link ActivationCache#FORMAT_VERSION}
 * @param identity what the numbers depend on
 * @param layer dotted name
 * @param precision {@code float32} or {@code float16}
 * @param chunkImages images per chunk, the last may have fewer
 * @param checksums CRC-32C of each chunk's stored bytes, hexadecimal
 * @param thresholds {@link Quantile} to CRC-32C of its {@code thresholds-QUANTILE.npy}
 */
record Manifest(
        int formatVersion,
        SortedMap<String, String> identity,
        String layer,
        int images,
        int units,
        int mapHeight,
        int mapWidth,
        String precision,
        int chunkImages,
        List<String> checksums,
        SortedMap<String, String> thresholds) {
    Manifest {
        identity = new TreeMap<>(identity);
        checksums = List.copyOf(checksums);
        thresholds = new TreeMap<>(thresholds);
    }

    ActivationShape shape() {
        return new ActivationShape(images, units, new GridSize(mapHeight, mapWidth));
    }

    Precision storedPrecision() {
        return Precision.valueOf(precision.toUpperCase(java.util.Locale.ROOT));
    }

    Manifest withChecksums(List<String> newChecksums) {
        return new Manifest(
                formatVersion,
                identity,
                layer,
                images,
                units,
                mapHeight,
                mapWidth,
                precision,
                chunkImages,
                newChecksums,
                thresholds);
    }

    Manifest withThresholds(String quantile, String checksum) {
        TreeMap<String, String> all = new TreeMap<>(thresholds);
        all.put(quantile, checksum);
        return new Manifest(
                formatVersion,
                identity,
                layer,
                images,
                units,
                mapHeight,
                mapWidth,
                precision,
                chunkImages,
                checksums,
                all);
    }

    /**
     * Describes why the numbers of the manifest contradict each other, or nothing. Such a manifest would otherwise fail
     * far from here, in a buffer of a wrong size.
     */
    Optional<String> fault() {
        if (formatVersion != ActivationCache.FORMAT_VERSION) {
            return Optional.of("is of cache format " + formatVersion + ", and this version of netdissect reads "
                    + ActivationCache.FORMAT_VERSION);
        }
        try {
            long bytes = Math.multiplyExact(shape().values(), storedPrecision().bytes());
            if (layer != null && bytes > 0 && chunkImages >= 1) {
                return Optional.empty();
            }
        } catch (RuntimeException e) {
            return Optional.of("does not fit together (" + e.getMessage() + ")");
        }
        return Optional.of("does not fit together (no layer, or chunks of " + chunkImages + " images)");
    }

    /** Number of chunks that the images take. */
    int chunks() {
        return Math.toIntExact(((long) images + chunkImages - 1) / chunkImages);
    }

    /** Position of a chunk's first image. */
    int firstImage(int chunk) {
        return chunk * chunkImages;
    }

    /** Images of a chunk. */
    int images(int chunk) {
        return Math.min(chunkImages, images - firstImage(chunk));
    }

    /** Stored size of an image's activations. */
    long bytesPerImage() {
        return (long) shape().valuesPerImage() * storedPrecision().bytes();
    }

    /** Header of the array file. */
    ByteBuffer arrayHeader() {
        return NpyHeader.encode(storedPrecision().npyType(), images, units, mapHeight, mapWidth);
    }

    void write(Path file) throws IOException {
        SafeFiles.write(file, Json.text(this) + "\n");
    }

    /** Throws if the numbers contradict each other. */
    private void expectSound() {
        if (chunkImages < 1 || Math.multiplyExact(chunkImages, bytesPerImage()) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("chunks of " + chunkImages + " images");
        }
        if (!checksums.isEmpty() && checksums.size() != chunks()) {
            throw new IllegalArgumentException(checksums.size() + " checksums for " + chunks() + " chunks");
        }
    }

    static Manifest read(Path file) throws IOException {
        try {
            Manifest manifest = Json.read(Files.readAllBytes(file), Manifest.class);
            manifest.expectSound();
            return manifest;
        } catch (JsonProcessingException | RuntimeException e) {
            throw new RunException(
                    file + ": not a readable manifest; delete the folder " + file.getParent() + " and run again", e);
        }
    }
}
