package org.netdissect.weights;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.torchscript.archive.ZipNames;

/**
 * A zip with tensors. Its names and stated sizes are checked when it is opened, and each entry's checksum before its
 * first use, which Java's ZipFile does not do.
 */
public final class OpenZip implements Closeable {
    /** Total size below which any compression is accepted: weights may be all zero. */
    private static final long ALWAYS_UNPACKED = 64L << 20;

    private final Path file;
    private final Set<String> names;
    private @Nullable ZipFile open;

    private OpenZip(Path file, ZipFile zip) throws IOException {
        this.file = file;
        this.open = zip;
        this.names = ZipNames.of(file, zip);
        ZipNames.refuseBombs(file, zip, ALWAYS_UNPACKED);
    }

    /**
     * Opens a zip.
     *
     * @throws InputException if it is damaged, a zip bomb, or has unsafe names
     */
    public static OpenZip open(Path file) throws IOException {
        ZipFile zip = zipFile(file);
        try {
            return new OpenZip(file, zip);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static ZipFile zipFile(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new InputException(file + ": is a damaged or cut-off zip", e);
        }
    }

    /** Names of all entries, in order. */
    public Set<String> names() {
        return names;
    }

    /** Closes the file; each later read opens it and closes it again. */
    @Override
    public synchronized void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private synchronized InputStream stream(ZipEntry entry) throws IOException {
        if (open != null) {
            return requirePresent(open.getInputStream(entry));
        }
        ZipFile own = zipFile(file);
        try {
            return new OwnStream(own, requirePresent(own.getInputStream(entry)));
        } catch (IOException | RuntimeException e) {
            own.close();
            throw e;
        }
    }

    private synchronized @Nullable ZipEntry entry(String name) throws IOException {
        if (open != null) {
            return open.getEntry(name);
        }
        try (ZipFile own = zipFile(file)) {
            return own.getEntry(name);
        }
    }

    private InputStream requirePresent(@Nullable InputStream in) {
        if (in == null) {
            throw new InputException(file + ": changed while it was read");
        }
        return in;
    }

    /** A stream of an entry that closes its zip, too. */
    private static final class OwnStream extends FilterInputStream {
        private final ZipFile zip;

        OwnStream(ZipFile zip, InputStream in) {
            super(in);
            this.zip = zip;
        }

        @Override
        public void close() throws IOException {
            // closes the streams of its entries
            zip.close();
        }
    }

    /** The bytes of an entry; empty if there is none of this name. */
    public Optional<TensorBytes> bytes(String name, ByteOrder order) throws IOException {
        ZipEntry entry = entry(name);
        return entry == null || entry.isDirectory() ? Optional.empty() : Optional.of(new EntryBytes(entry, order));
    }

    /**
     * Reads an entry.
     *
     * @throws InputException if it is damaged or has more than {@code most} bytes
     */
    public Optional<byte[]> read(String name, int most) throws IOException {
        Optional<TensorBytes> bytes = bytes(name, ByteOrder.LITTLE_ENDIAN);
        if (bytes.isEmpty()) {
            return Optional.empty();
        } else if (bytes.get().size() > most) {
            throw new InputException(file + ", " + Printable.of(name) + ": has more than " + (most >> 20) + " MiB");
        }
        try (InputStream in = bytes.get().open(0)) {
            return Optional.of(in.readNBytes(most));
        }
    }

    private final class EntryBytes implements TensorBytes {
        private final ZipEntry entry;
        private final ByteOrder order;
        private boolean verified;

        EntryBytes(ZipEntry entry, ByteOrder order) {
            this.entry = entry;
            this.order = order;
        }

        @Override
        public long size() {
            return entry.getSize();
        }

        @Override
        public ByteOrder order() {
            return order;
        }

        @Override
        public synchronized InputStream open(long from) throws IOException {
            if (!verified) {
                verify();
                verified = true;
            }
            InputStream in = stream(entry);
            try {
                in.skipNBytes(from);
                return in;
            } catch (IOException e) {
                in.close();
                throw e;
            }
        }

        private void verify() throws IOException {
            CRC32 checksum = new CRC32();
            byte[] buffer = new byte[1 << 16];
            long left = entry.getSize();
            try (InputStream in = stream(entry)) {
                for (int count = in.read(buffer); count >= 0 && left >= 0; count = in.read(buffer)) {
                    checksum.update(buffer, 0, count);
                    left -= count;
                }
            } catch (ZipException | EOFException e) {
                throw damaged("is damaged (" + e.getMessage() + ")", e);
            }
            if (left != 0) {
                throw damaged("has another size than the zip's directory says", null);
            } else if (checksum.getValue() != entry.getCrc()) {
                throw damaged("is damaged (its checksum is wrong); copy or download the file again", null);
            }
        }

        private InputException damaged(String problem, @Nullable Exception cause) {
            String message = file + ", " + Printable.of(entry.getName()) + ": " + problem;
            return cause == null ? new InputException(message) : new InputException(message, cause);
        }
    }
}
