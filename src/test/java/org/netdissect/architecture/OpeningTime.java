package org.netdissect.architecture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/** Times the opening of a file of weights and the writing of its archive; for {@code scripts/bench-weights.sh}. */
final class OpeningTime {
    private static final int RUNS = 5;
    private static final double NANOS = 1e9;

    private OpeningTime() {}

    /** Argument: a file of weights. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Path folder = Files.createTempDirectory("weights");
        Path archive = folder.resolve("net.pt");
        Path copy = folder.resolve("copy");
        System.out.println("seconds: to open, to write the archive, to copy the file; (open + write) / copy");
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            NetworkFile network = NetworkFile.open(NetworkChoice.of(file));
            long opened = System.nanoTime();
            try (OutputStream out = Files.newOutputStream(archive)) {
                network.archive().write(List.of(), "cpu", out);
            }
            long written = System.nanoTime();
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            long copied = System.nanoTime();
            System.out.printf(
                    Locale.ROOT,
                    "%.2f  %.2f  %.2f  %.1f%n",
                    (opened - start) / NANOS,
                    (written - opened) / NANOS,
                    (copied - written) / NANOS,
                    (double) (written - start) / (copied - written));
        }
        Files.delete(archive);
        Files.delete(copy);
        Files.delete(folder);
    }
}
