package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.architecture.Architectures;
import org.netdissect.architecture.Fit;

/** Networks beside the published ones that tensors suggest, old names, and notes. */
class SuggestedNetworksTest {
    private static final ResNets RESNETS = new ResNets();
    private static final CifarResNets CIFAR = new CifarResNets();

    /** The tensors of a network. */
    private static Map<String, List<Long>> sizes(Architecture network, int classes) {
        Map<String, List<Long>> sizes = new HashMap<>();
        network.network().apply(classes).allTensors().forEach((name, slot) -> sizes.put(name, slot.sizes()));
        return sizes;
    }

    /** Adds a block that has the sizes of another one. */
    private static void repeat(Map<String, List<Long>> sizes, String block, String as) {
        Map<String, List<Long>> more = new LinkedHashMap<>();
        sizes.forEach((name, size) -> {
            if (name.startsWith(block)) {
                more.put(as + name.substring(block.length()), size);
            }
        });
        sizes.putAll(more);
    }

    private static String recognised(Map<String, List<Long>> sizes) {
        return Architectures.recognise("file", sizes, null).architecture().name();
    }

    @Test
    void otherDepth() {
        Map<String, List<Long>> sizes = sizes(FamilyTensorsTest.network("resnet50"), 7);
        repeat(sizes, "layer3.5.", "layer3.6.");
        assertEquals("resnet [3,4,7,3]", recognised(sizes));
        repeat(sizes, "layer3.5.", "layer3.8.");
        assertEquals("resnet [3,4,7,3]", RESNETS.suggested(sizes).get(0).name(), "7 is missing");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4})
    void otherInput(long channels) {
        Map<String, List<Long>> sizes = sizes(FamilyTensorsTest.network("resnet18"), 7);
        sizes.put("conv1.weight", List.of(64L, channels, 7L, 7L));
        String unit = channels == 1 ? " channel" : " channels";
        assertEquals("resnet [2,2,2,2] of basic blocks, input of " + channels + unit, recognised(sizes));

        Map<String, List<Long>> cifar = sizes(FamilyTensorsTest.network("cifar-resnet20"), 100);
        cifar.put("conv1.weight", List.of(16L, channels, 3L, 3L));
        assertEquals("cifar-resnet [3,3,3], input of " + channels + unit, recognised(cifar));
    }

    @Test
    void otherWidths() {
        ResNetPlan narrow = new ResNetPlan(List.of(1, 1, 1, 1), false, 1, 32, 32, 3);
        ResNetPlan grouped = new ResNetPlan(List.of(1, 2, 1, 1), true, 16, 96, 64, 3);
        assertEquals("resnet [1,1,1,1] of basic blocks, from 32 channels", narrow.name());
        assertEquals("resnet [1,2,1,1], 16 groups, width 96", grouped.name());
        for (ResNetPlan plan : List.of(narrow, grouped)) {
            Map<String, List<Long>> sizes = sizes(ResNets.architecture("x", plan), 5);
            assertEquals(Optional.of(plan), ResNetPlan.of(sizes));
            assertEquals(plan.name(), recognised(sizes));
        }
    }

    @Test
    void convolvedShortcuts() {
        Map<String, List<Long>> sizes = sizes(FamilyTensorsTest.network("cifar-resnet20"), 10);
        for (int stage = 2; stage <= 3; stage++) {
            long out = 8L << stage;
            String path = "layer" + stage + ".0.shortcut.";
            sizes.put(path + "0.weight", List.of(out, out / 2, 1L, 1L));
            for (String tensor : List.of("weight", "bias", "running_mean", "running_var")) {
                sizes.put(path + "1." + tensor, List.of(out));
            }
        }
        assertEquals("cifar-resnet [3,3,3] with convolved shortcuts", recognised(sizes));
    }

    /** Two architectures would fit such a file. */
    @Test
    void publishedNetworksAreNotSuggested() {
        for (Architecture network : RESNETS.known()) {
            assertEquals(List.of(), RESNETS.suggested(sizes(network, 10)), network.name());
        }
        for (Architecture network : CIFAR.known()) {
            assertEquals(List.of(), CIFAR.suggested(sizes(network, 10)), network.name());
        }
    }

    @Test
    void nothingIsSuggestedForOddSizes() {
        List<List<Long>> odd = List.of(
                List.of(),
                List.of(64L),
                List.of(64L, 0L, 7L, 7L),
                List.of(-64L, 3L, 7L, 7L),
                List.of(1L << 40, 3L, 7L, 7L),
                List.of(64L, Long.MAX_VALUE, 7L, 7L));
        for (List<Long> size : odd) {
            for (String tensor : List.of("conv1.weight", "layer1.0.conv2.weight")) {
                Map<String, List<Long>> sizes = sizes(FamilyTensorsTest.network("resnet50"), 10);
                sizes.put(tensor, size);
                assertEquals(List.of(), RESNETS.suggested(sizes), tensor + size);
            }
            Map<String, List<Long>> cifar = sizes(FamilyTensorsTest.network("cifar-resnet20"), 10);
            cifar.put("conv1.weight", size);
            for (Architecture found : CIFAR.suggested(cifar)) {
                assertFalse(sizes(found, 10).equals(cifar), size.toString());
            }
        }
        assertEquals(List.of(), RESNETS.suggested(Map.of()));
        assertEquals(List.of(), CIFAR.suggested(Map.of()));
    }

    /** PyTorch's own pattern for files before its version 0.4.1. */
    @Test
    void oldNamesOfDenseNets() {
        Architecture network = FamilyTensorsTest.network("densenet161");
        Map<String, List<Long>> old = sizes(network, 365).entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().replaceFirst("(denselayer\\d+\\.(norm|conv))([12])\\.", "$1.$3."),
                        Map.Entry::getValue));
        assertTrue(old.containsKey("features.denseblock1.denselayer1.norm.1.running_mean"));
        assertFalse(old.containsKey("features.denseblock1.denselayer1.norm1.running_mean"));
        assertEquals("densenet161", recognised(old));
        assertEquals("features.norm0.weight", new DenseNets().canonical("features.norm0.weight"));
    }

    @Test
    void headsOfTrainingArePassedOver() {
        Map<String, List<Long>> googlenet = sizes(FamilyTensorsTest.network("googlenet"), 10);
        googlenet.put("aux1.conv.conv.weight", List.of(128L, 512L, 1L, 1L));
        assertEquals("googlenet", recognised(googlenet));
        Map<String, List<Long>> inception = sizes(FamilyTensorsTest.network("inception_v3"), 10);
        inception.put("AuxLogits.fc.bias", List.of(10L));
        assertEquals("inception_v3", recognised(inception));
    }

    @Test
    void notesNameTheOtherNetworkOfTheSameTensors() {
        List<Architecture> all =
                Families.ALL.stream().flatMap(family -> family.known().stream()).toList();
        assertEquals(Optional.empty(), FamilyTensorsTest.network("resnet18").note(1000));
        for (Architecture other : all) {
            // timm's name of a network is another name, no other network
            if (other.onRequest() && !other.name().startsWith("timm:")) {
                Fit fit = Architectures.recognise("file", sizes(other, 365), null);
                assertTrue(fit.architecture().note(365).orElse("").endsWith("--arch " + other.name()), other.name());
                assertEquals(
                        other.name(),
                        Architectures.recognise("file", sizes(other, 365), other.name())
                                .architecture()
                                .name());
            }
        }
    }
}
