package org.netdissect.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
    @Test
    void editDistanceIsLevenshteins() {
        assertEquals(3, NearestNames.editDistance("kitten", "sitting"));
        assertEquals(4, NearestNames.editDistance("", "four"));
    }

    @Test
    void nearestFirstAndAtMostThree() {
        List<String> names = List.of("layer1", "layer10", "layer11", "layer12", "conv", "block.conv");
        assertEquals(List.of("layer10", "layer1", "layer11"), NearestNames.of("layer10", names));
        assertEquals(List.of("block.conv", "conv"), NearestNames.of("CONV", List.of("block.conv", "conv")));
        assertEquals(List.of(), NearestNames.of("pooling", names));
    }
}
