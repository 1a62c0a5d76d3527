package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated networks give PyTorch's numbers; {@code scripts/check-families.sh} runs the large ones, too. */
class FamilyOutputsTest {
    private static final long LARGEST = 30_000_000;

    static Stream<String> networks() {
        return FamilyFile.torchvision(Families.ALL).stream()
                .filter(network -> FamilyFile.parameters(network, 1000) <= LARGEST)
                .map(Architecture::name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void logitsAndLayersArePyTorchs(String name, @TempDir Path scratch) throws IOException {
        FamilyFile expected = FamilyFile.of(name);
        Architecture network = FamilyTensorsTest.network(name);
        for (FamilyCheck.Deviation deviation : FamilyCheck.deviations(network, expected, scratch)) {
            assertTrue(deviation.isSmall(), deviation.toString());
        }
    }
}
