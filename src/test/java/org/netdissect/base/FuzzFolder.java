package org.netdissect.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Helpers of fuzz targets: a folder to work in, and a check of error messages. */
public final class FuzzFolder {
    private FuzzFolder() {}

    /** New folder, kept until the process ends. */
    public static Path create() {
        try {
            Path folder = Files.createTempDirectory("netdissect-fuzz");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that a message is not empty and names its subject. */
    public static void expectClear(RuntimeException error, String named) {
        String message = String.valueOf(error.getMessage());
        if (message.isBlank() || !message.contains(named)) {
            throw new AssertionError("not a clear line: " + message, error);
        }
    }
}
