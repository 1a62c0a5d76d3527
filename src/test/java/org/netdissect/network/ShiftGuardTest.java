package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.SharedData;

/** The cells of all layers, with axes derived from the code, follow the shift of an image. */
class ShiftGuardTest {
    private static void allFollow(Path network, GridSize size, int least) throws IOException {
        List<String> others = new ArrayList<>();
        Map<String, Integer> counts = AxesCheck.counts(network, size, others::add);
        assertEquals(List.of(), others);
        assertTrue(counts.getOrDefault("agree", 0) >= least, counts.toString());
    }

    @Test
    void ofTheSample() throws IOException {
        allFollow(Path.of("broden-sample", "scenenet.pt"), new GridSize(224, 224), 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "squeezenet1_0-imagenet.traced",
                "squeezenet1_0-imagenet.scripted",
                "squeezenet1_1bn-places365.traced",
                "squeezenet1_1bn-places365.scripted"
            })
    void ofRealNetworks(String network) throws IOException {
        allFollow(SharedData.require("models/" + network + ".pt"), new GridSize(224, 224), 30);
    }
}
