package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.RunException;

/**
 * Keeps a second process out of a cache folder. The operating system drops the lock with its process, so the file of a
 * dead process does not block.
 */
final class CacheLock implements AutoCloseable {
    static final String FILE = "lock";

    private final Path file;
    private final FileChannel channel;

    private CacheLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock of {@code folder} or throws a {@link RunException} that names the process holding it. */
    static CacheLock take(Path folder) throws IOException {
        Optional<CacheLock> lock = tryTake(folder);
        if (lock.isEmpty()) {
            throw new RunException("cache " + folder + " is in use by process " + holder(folder)
                    + "; wait for it to end or choose another --cache");
        }
        return lock.get();
    }

    /** Takes the lock of {@code folder}, or gives nothing if a process holds it. */
    static Optional<CacheLock> tryTake(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        while (true) {
            Optional<Object> before = identity(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean taken = false;
            try {
                if (tryLock(channel) == null) {
                    return Optional.empty();
                }
                // A lock on a file that 'cache prune' deleted after we opened it keeps nobody out. The file must not
                // be opened again to find out: closing it would give the lock back (POSIX).
                if (before.isPresent() && before.equals(identity(file))) {
                    channel.truncate(0);
                    channel.write(StandardCharsets.US_ASCII.encode(
                            ProcessHandle.current().pid() + "\n"));
                    taken = true;
                    return Optional.of(new CacheLock(file, channel));
                }
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        }
    }

    /** Number of the process that holds the lock of {@code folder}, as recorded in the file. */
    static String holder(Path folder) throws IOException {
        return Files.readString(folder.resolve(FILE)).strip();
    }

    /** Identity of the file that has this name now; empty if there is none. */
    private static Optional<Object> identity(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            // Windows has no such key, and deletes no file that is open
            return Optional.of(key == null ? file : key);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Deletes the lock file while the lock is held and returns its size in bytes; the next process makes a new one. */
    long deleteFile() throws IOException {
        long bytes = channel.size();
        Files.deleteIfExists(file);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
