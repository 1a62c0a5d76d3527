package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.architecture.Architectures;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Networks of davidbau/dissect: as large as the networks they follow, with that project's names. */
class DissectNetworksTest {
    private static ModuleSpec network(String name, int classes) {
        return FamilyTensorsTest.network(name).network().apply(classes);
    }

    /** CaffeNet (BVLC), VGG-16 (Simonyan and Zisserman) and ResNet-152 (He et al.) with 1000 classes. */
    @ParameterizedTest
    @CsvSource({"dissect-alexnet,60965224", "dissect-vgg16,138357544", "dissect-resnet152,60192808"})
    void parametersAreAsManyAsPublished(String name, long published) {
        assertEquals(published, FamilyFile.parameters(FamilyTensorsTest.network(name), 1000));
    }

    @Test
    void layersThatTheProjectDissects() {
        Map<String, String> vgg = FamilyFile.modules(network("dissect-vgg16", 365));
        assertEquals("Conv2d", vgg.get("features.conv5_3"));
        assertEquals("Linear", vgg.get("classifier.fc8a"));
        assertEquals(
                "Conv2d", FamilyFile.modules(network("dissect-alexnet", 365)).get("conv5"));
        Map<String, String> resnet = FamilyFile.modules(network("dissect-resnet152", 365));
        assertEquals("Sequential", resnet.get("7"));
        assertEquals("LambdaReduce", resnet.get("7.2.1"));
        assertEquals("Linear", resnet.get("10.1"));
    }

    @Test
    void tensorsOfBlocksAreNumbered() {
        Map<String, List<Long>> sizes = sizes("dissect-resnet152");
        assertEquals(List.of(64L, 3L, 7L, 7L), sizes.get("0.weight"));
        assertEquals(List.of(256L, 64L, 1L, 1L), sizes.get("4.0.0.1.0.weight"));
        assertEquals(List.of(512L, 2048L, 1L, 1L), sizes.get("7.2.0.0.0.weight"));
        assertTrue(sizes.keySet().stream().noneMatch(name -> name.startsWith("7.2.0.1.")), "an identity");
    }

    @ParameterizedTest
    @CsvSource({"dissect-alexnet", "dissect-vgg16", "dissect-resnet152"})
    void recognisedByTheirTensors(String name) {
        assertEquals(
                name,
                Architectures.recognise("weights.pth", sizes(name), null)
                        .architecture()
                        .name());
    }

    private static Map<String, List<Long>> sizes(String name) {
        Map<String, List<Long>> sizes = new LinkedHashMap<>();
        network(name, 365).allTensors().forEach((tensor, slot) -> sizes.put(tensor, slot.sizes()));
        return sizes;
    }
}
