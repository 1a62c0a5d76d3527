package org.netdissect.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Results of alignments in a cache. */
final class KeptAlignments {
    private KeptAlignments() {}

    /** Files of alignments, sorted by name. */
    static List<Path> in(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.getFileName().toString().matches("alignment-[0-9a-f]{32}\\.bin"))
                    .sorted()
                    .toList();
        }
    }

    /** Deletes these files, so that the next run reads activations again. */
    static void forget(Path cache) throws IOException {
        for (Path file : in(cache)) {
            Files.delete(file);
        }
    }
}
