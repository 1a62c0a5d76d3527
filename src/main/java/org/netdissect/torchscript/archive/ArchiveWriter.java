package org.netdissect.torchscript.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.netdissect.base.InputException;

/** Copies an archive with some entries replaced, in the order of its entries. */
final class ArchiveWriter {
    private final Path file;
    private final ZipFile zip;
    private final byte[] buffer = new byte[1 << 16];

    private ArchiveWriter(Path file, ZipFile zip) {
        this.file = file;
        this.zip = zip;
    }

    /** Writes the copy as {@link ArchiveSource#copy} says. */
    static void copy(Path file, Map<String, String> replaced, OutputStream out) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                StoredZip copy = new StoredZip(out)) {
            ArchiveWriter writer = new ArchiveWriter(file, zip);
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                String text = replaced.get(name);
                if (text != null) {
                    copy.add(name, text.getBytes(StandardCharsets.UTF_8));
                } else if (!name.endsWith(".debug_pkl")) {
                    copy.add(name, writer.measure(entry), to -> writer.transfer(entry, to));
                }
            }
        }
    }

    private void transfer(ZipEntry entry, OutputStream out) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(out);
        }
    }

    private StoredZip.Measure measure(ZipEntry entry) throws IOException {
        CRC32 checksum = new CRC32();
        long size = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
                size += read;
                if (size > entry.getSize()) {
                    throw new InputException(file + ": entry " + entry.getName()
                            + " is damaged: it unpacks to more than the " + entry.getSize() + " bytes it claims");
                }
            }
        } catch (ZipException | EOFException e) {
            throw new InputException(file + ": entry " + entry.getName() + " is damaged", e);
        }
        if (checksum.getValue() != entry.getCrc()) {
            throw new InputException(file + ": entry " + entry.getName() + " is damaged: its checksum does not fit");
        }
        return new StoredZip.Measure(size, checksum.getValue());
    }
}
