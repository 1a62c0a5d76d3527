package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.netdissect.activation.CacheIdentity;

/**
 * Recognises the files that this program makes in a cache. Only these are counted and deleted; symbolic links never
 * are.
 */
final class CacheFiles {
    /** Manifest of an unfinished array, see {@link LayerWriter}. */
    static final String PARTIAL_MANIFEST = "partial.json";

    /** Checksums of an unfinished array's chunks, one a line. */
    static final String PROGRESS = "progress.log";

    /** {@link CacheIdentity#key()} */
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

    /** Rewritten network while the engine loads it; a killed run leaves it behind. */
    private static final String TAPPED = "tapped.pt";

    private static final String KERNELS = "kernels\\.json";
    private static final String THRESHOLDS = "thresholds-(lower-)?[0-9.]+\\.npy";
    private static final String ALIGNMENT = "(alignment|chance)-[0-9a-f]{32}\\.bin";
    private static final Pattern ALIGNMENT_FILE = Pattern.compile(ALIGNMENT);
    private static final Pattern LAYER_FILE = Pattern.compile(String.join(
            "|",
            "activations\\.npy(\\.partial)?",
            "manifest\\.json",
            "partial\\.json",
            KERNELS,
            "progress\\.log",
            THRESHOLDS,
            ALIGNMENT,
            temporary("(manifest\\.json|partial\\.json|" + KERNELS + "|progress\\.log|" + THRESHOLDS + "|" + ALIGNMENT
                    + ")")));
    private static final Pattern USE_TEMPORARY = Pattern.compile(temporary("\\.used\\.json"));

    private CacheFiles() {}

    /** Temporary name given by {@link org.netdissect.base.SafeFiles}; a killed run leaves such files behind. */
    private static String temporary(String name) {
        return "\\." + name + "-[0-9a-f-]{36}\\.tmp";
    }

    static boolean isKeyName(Path folder) {
        return KEY.matcher(folder.getFileName().toString()).matches();
    }

    /** Whether this program makes a file of this name in a key's folder. */
    static boolean isOfKey(Path file) {
        String name = file.getFileName().toString();
        boolean known = List.of(CacheLock.FILE, CacheUse.FILE, TAPPED).contains(name)
                || USE_TEMPORARY.matcher(name).matches();
        return known && isFile(file);
    }

    /** Whether this program makes a file of this name in a layer's folder. */
    static boolean isOfLayer(Path file) {
        return LAYER_FILE.matcher(file.getFileName().toString()).matches() && isFile(file);
    }

    /** Whether a file in a layer's folder is one of {@link DerivedFiles}. */
    static boolean isAlignment(Path file) {
        return ALIGNMENT_FILE.matcher(file.getFileName().toString()).matches() && isFile(file);
    }

    static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isFolder(Path file) {
        return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Size of a file in bytes; 0 if a running process has just renamed or deleted it. */
    static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Time of a file's last change; the epoch if it has just been deleted. */
    static FileTime modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** Lists a folder by name. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
