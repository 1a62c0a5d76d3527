package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files beside the project that tests may use; a test is skipped where they are absent. */
final class Shared {
    private static final Path ROOT =
            Path.of(Optional.ofNullable(System.getenv("NETDISSECT_SHARED")).orElse("../shared"));

    private Shared() {}

    static Path file(String name) {
        Path file = ROOT.resolve(name);
        assumeTrue(Files.exists(file), "skipped: " + file + " is absent (set NETDISSECT_SHARED)");
        return file;
    }
}
