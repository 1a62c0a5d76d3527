package org.netdissect.torchscript.archive;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.netdissect.base.InputException;

/**
 * Copies an archive with some entries replaced. Entries are stored uncompressed and in order, with data at multiples of
 * 64 bytes as PyTorch writes them (caffe2/serialize/inline_container.cc). They have no time stamps: the same input
 * gives the same bytes.
 */
public final class ArchiveWriter {
    private static final int ALIGNMENT = 64;
    private static final int LOCAL_HEADER = 30;
    private static final int EXTRA_HEADER = 4;

    /**
     * Date of all entries. Not January: Java treats the first instant of 1980 as "before" and adds a field with the
     * full time.
     */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final Path file;
    private final ZipFile zip;
    private final Map<String, String> replaced;
    private final byte[] buffer = new byte[1 << 16];

    private ArchiveWriter(Path file, ZipFile zip, Map<String, String> replaced) {
        this.file = file;
        this.zip = zip;
        this.replaced = replaced;
    }

    /**
     * Writes the copy; {@code out} stays open. PyTorch's debug files are dropped, since they refer to lines of the old
     * source.
     */
    public static void copy(Path file, Map<String, String> replaced, OutputStream out) throws IOException {
        CountingStream counted = new CountingStream(out);
        try (ZipFile zip = new ZipFile(file.toFile());
                ZipOutputStream zipped = new ZipOutputStream(counted)) {
            ArchiveWriter writer = new ArchiveWriter(file, zip, replaced);
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.getName().endsWith(".debug_pkl")) {
                    writer.copy(entry, zipped, counted);
                }
            }
        }
    }

    private void copy(ZipEntry entry, ZipOutputStream out, CountingStream counted) throws IOException {
        ZipEntry copy = new ZipEntry(entry.getName());
        String text = replaced.get(entry.getName());
        if (text == null) {
            measure(entry, copy);
        } else {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            copy.setSize(bytes.length);
            copy.setCrc(checksum.getValue());
        }
        copy.setMethod(ZipEntry.STORED);
        copy.setTimeLocal(NO_TIME);
        copy.setExtra(padding(counted.count + LOCAL_HEADER + entry.getName().getBytes(StandardCharsets.UTF_8).length));
        out.putNextEntry(copy);
        if (text == null) {
            try (InputStream in = zip.getInputStream(entry)) {
                in.transferTo(out);
            }
        } else {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        out.closeEntry();
        out.flush();
    }

    /** Computes an entry's checksum, which a stored entry states before its data. */
    private void measure(ZipEntry entry, ZipEntry copy) throws IOException {
        CRC32 checksum = new CRC32();
        long size = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
                size += read;
                if (size > entry.getSize()) {
                    throw new InputException(file + ": entry " + entry.getName()
                            + " is damaged: it unpacks to more than" + " the " + entry.getSize() + " bytes it claims");
                }
            }
        } catch (ZipException | EOFException e) {
            throw new InputException(file + ": entry " + entry.getName() + " is damaged", e);
        }
        if (checksum.getValue() != entry.getCrc()) {
            throw new InputException(file + ": entry " + entry.getName() + " is damaged: its checksum does not fit");
        }
        copy.setSize(size);
        copy.setCrc(checksum.getValue());
    }

    /** An extra field "FB" like PyTorch's, which starts at {@code start} and ends at a multiple of 64. */
    private static byte[] padding(long start) {
        int fill = (int) Math.floorMod(-(start + EXTRA_HEADER), (long) ALIGNMENT);
        byte[] extra = new byte[EXTRA_HEADER + fill];
        Arrays.fill(extra, (byte) 'Z');
        extra[0] = 'F';
        extra[1] = 'B';
        extra[2] = (byte) fill;
        extra[3] = 0;
        return extra;
    }

    /** Counts the bytes written; closing leaves the underlying stream open. */
    private static final class CountingStream extends FilterOutputStream {
        private long count;

        CountingStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            count += length;
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
