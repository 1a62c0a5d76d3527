package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import org.netdissect.activation.cache.direct.ChannelBytes;
import org.netdissect.base.ByteSize;
import org.netdissect.base.SafeFiles;

/**
 * Results of alignment and baseline, kept beside a layer's activations: {@code alignment-<key>.bin} and {@code
 * chance-<key>.bin}. Each file holds the bytes and then their CRC-32C; the codecs of those packages define the bytes.
 */
public final class DerivedFiles {
    /** Greatest number of files per layer; the oldest are deleted first. */
    static final int MOST = 32;

    /** Greatest number of files of draws, which are larger: 8 files of 2,048 units take about 66 MB. */
    static final int MOST_DRAWS = 8;

    /**
     * Greatest size of a file in bytes. A layer of 2,048 units, 1,200 labels and ten images per unit takes about 15 MB.
     */
    private static final int LARGEST = 64 << 20;

    /** Disk space in bytes left free for tables and the report. */
    private static final long ROOM = 16 << 20;

    private static final int TRAILER = Integer.BYTES;

    private final Path folder;
    private final Kind kind;

    /** Kinds of kept results. */
    enum Kind {
        /** Counts and top images of an alignment. */
        ALIGNMENT("alignment-", MOST),
        /** Draws of the baseline. */
        BASELINE("chance-", MOST_DRAWS);

        private final String prefix;
        private final int most;

        Kind(String prefix, int most) {
            this.prefix = prefix;
            this.most = most;
        }
    }

    /** Files of alignments in a layer's folder. */
    public DerivedFiles(Path folder) {
        this(folder, Kind.ALIGNMENT);
    }

    /** Files of one kind in a layer's folder. */
    DerivedFiles(Path folder, Kind kind) {
        this.folder = folder;
        this.kind = kind;
    }

    /** The file of a key, which is 32 hexadecimal digits. */
    public Path file(String key) {
        return folder.resolve(kind.prefix + key + ".bin");
    }

    /**
     * Reads the bytes kept under a key, or nothing.
     *
     * @throws DataFormatException where the file was changed; the message says how
     */
    public Optional<ByteBuffer> read(String key) throws IOException, DataFormatException {
        Path file = file(key);
        return CacheFiles.isFile(file) ? Optional.of(content(file)) : Optional.empty();
    }

    private static ByteBuffer content(Path file) throws IOException, DataFormatException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < TRAILER || size > LARGEST) {
                throw new DataFormatException("it has " + size + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
            if (!ChannelBytes.fill(channel, 0, bytes)) {
                throw new DataFormatException("it ends early");
            }
            int checksum = bytes.getInt(bytes.limit() - TRAILER);
            bytes.limit(bytes.limit() - TRAILER);
            if (checksum != checksum(bytes)) {
                throw new DataFormatException("its checksum does not fit");
            }
            return bytes;
        }
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /**
     * Keeps bytes under a key, unless they are too many; deletes the oldest files above the greatest number.
     *
     * @throws IOException where the disk does not take them, or would then be full
     */
    public void write(String key, ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > LARGEST - TRAILER) {
            return;
        }
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes.remaining() + ROOM) {
            throw new IOException("the disk has " + new ByteSize(free) + " left");
        }
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        trailer.putInt(0, checksum(bytes));
        SafeFiles.write(file(key), out -> {
            WritableByteChannel channel = Channels.newChannel(out);
            channel.write(bytes.duplicate());
            channel.write(trailer);
        });
        removeOldest();
    }

    private void removeOldest() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path file : in(folder)) {
            if (file.getFileName().toString().startsWith(kind.prefix)) {
                files.add(file);
            }
        }
        if (files.size() > kind.most) {
            Map<Path, Long> times = new HashMap<>();
            for (Path file : files) {
                times.put(file, CacheFiles.modified(file).toMillis());
            }
            files.sort(Comparator.comparing(times::get));
            for (Path file : files.subList(0, files.size() - kind.most)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Lists a layer's files of every kind. */
    static List<Path> in(Path folder) throws IOException {
        return CacheFiles.isFolder(folder)
                ? CacheFiles.in(folder).stream().filter(CacheFiles::isAlignment).toList()
                : List.of();
    }

    /** Deletes all files of a layer whose activations are about to change. */
    static void delete(Path folder) throws IOException {
        for (Path file : in(folder)) {
            Files.deleteIfExists(file);
        }
    }

    /** Describes the fault of a file; empty if it is sound or has just been deleted. */
    static String fault(Path file) throws IOException {
        try {
            content(file);
            return "";
        } catch (NoSuchFileException e) {
            return "";
        } catch (DataFormatException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
