package org.netdissect;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every fuzz target over its files in {@code src/test/resources/fuzz}: seeds, and findings of scripts/fuzz.sh
 * ({@code found-*}). An undocumented exception fails the test.
 */
class FuzzRegressionTest {
    private static final List<String> TARGETS = List.of(
            "torchscript.ArchiveFuzz",
            "torchscript.SourceFuzz",
            "torchscript.archive.PickleFuzz",
            "exported.ExportedFuzz",
            "broden.TableFuzz",
            "image.RasterFuzz",
            "dissect.ThresholdFuzz",
            "compare.DetectorTableFuzz",
            "activation.cache.CacheFuzz",
            "weights.CheckpointFuzz",
            "weights.LegacyFuzz",
            "weights.SafetensorsFuzz");

    @TestFactory
    Stream<DynamicTest> everyInputIsTakenOrRefused() throws IOException, URISyntaxException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String target : TARGETS) {
            String name = target.substring(target.lastIndexOf('.') + 1);
            Path folder = Path.of(Objects.requireNonNull(getClass().getResource("/fuzz/" + name), name)
                    .toURI());
            List<Path> inputs;
            try (Stream<Path> files = Files.list(folder)) {
                inputs = files.sorted().toList();
            }
            assertFalse(inputs.isEmpty(), "no input for " + name);
            for (Path input : inputs) {
                tests.add(DynamicTest.dynamicTest(
                        name + " " + input.getFileName(), () -> run(target, Files.readAllBytes(input))));
            }
        }
        assertTrue(tests.size() > TARGETS.size());
        return tests.stream();
    }

    private static void run(String target, byte[] input) throws ReflectiveOperationException {
        try {
            Class.forName("org.netdissect." + target)
                    .getMethod("fuzzerTestOneInput", byte[].class)
                    .invoke(null, (Object) input);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
