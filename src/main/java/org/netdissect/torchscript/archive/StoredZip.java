package org.netdissect.torchscript.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip as PyTorch does (caffe2/serialize/inline_container.cc): entries are stored uncompressed, with data at
 * multiples of 64 bytes. They have no time stamps: the same input gives the same bytes.
 */
final class StoredZip implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int LOCAL_HEADER = 30;
    private static final int EXTRA_HEADER = 4;

    /**
     * Date of all entries. Not January: Java treats the first instant of 1980 as "before" and adds a field with the
     * full time.
     */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final CountingStream counted;
    private final ZipOutputStream zip;

    /** Size and checksum of an entry, which a stored entry states before its data. */
    record Measure(long size, long checksum) {}

    /** Writes an entry's data. */
    @FunctionalInterface
    interface Data {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Starts a zip; closing it leaves {@code out} open. */
    StoredZip(OutputStream out) {
        counted = new CountingStream(out);
        zip = new ZipOutputStream(counted);
    }

    void add(String name, byte[] bytes) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        add(name, new Measure(bytes.length, checksum.getValue()), out -> out.write(bytes));
    }

    void add(String name, Measure measure, Data data) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(measure.size());
        entry.setCrc(measure.checksum());
        entry.setMethod(ZipEntry.STORED);
        entry.setTimeLocal(NO_TIME);
        entry.setExtra(padding(counted.count + LOCAL_HEADER + name.getBytes(StandardCharsets.UTF_8).length));
        zip.putNextEntry(entry);
        data.writeTo(zip);
        zip.closeEntry();
        zip.flush();
    }

    /** Ends the zip. */
    @Override
    public void close() throws IOException {
        zip.close();
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
