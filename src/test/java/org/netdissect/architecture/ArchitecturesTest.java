package org.netdissect.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netdissect.architecture.family.Architecture;
import org.netdissect.architecture.family.Families;
import org.netdissect.architecture.family.Family;
import org.netdissect.base.InputException;

class ArchitecturesTest {
    private static final String LABEL = "net.pth";

    private static Map<String, List<Long>> sizes(String architecture, int classes) {
        Architecture found = Families.ALL.stream()
                .flatMap(family -> family.known().stream())
                .filter(each -> each.name().equals(architecture))
                .findFirst()
                .orElseThrow();
        return sizes(found, classes);
    }

    private static Map<String, List<Long>> sizes(Architecture architecture, int classes) {
        Map<String, List<Long>> sizes = new LinkedHashMap<>();
        architecture.network().apply(classes).allTensors().forEach((name, slot) -> sizes.put(name, slot.sizes()));
        return sizes;
    }

    private static String error(Map<String, List<Long>> sizes, @Nullable String architecture) {
        String message = assertThrows(InputException.class, () -> Architectures.recognise(LABEL, sizes, architecture))
                .getMessage();
        return Objects.requireNonNull(message);
    }

    @Test
    void everyPublishedNetworkIsRecognisedAtAnyNumberOfClasses() {
        for (Family family : Families.ALL) {
            for (Architecture architecture : family.known()) {
                if (!architecture.onRequest()) {
                    Fit fit = Architectures.recognise(LABEL, sizes(architecture, 7), null);
                    assertEquals(architecture.name(), fit.architecture().name());
                    assertEquals(7, fit.classes());
                }
            }
        }
    }

    /** So that the first one that fits is the only one. */
    @Test
    void noTwoPublishedNetworksHaveTheSameTensors() {
        Map<Map<String, List<Long>>, String> seen = new HashMap<>();
        for (Family family : Families.ALL) {
            for (Architecture architecture : family.known()) {
                if (!architecture.onRequest()) {
                    String other = seen.put(sizes(architecture, 1000), architecture.name());
                    assertEquals(null, other, architecture.name());
                }
            }
        }
        assertTrue(seen.size() > 60, "only " + seen.size());
    }

    @Test
    void namesAreUnique() {
        List<String> names =
                Architectures.list().stream().map(Architectures.Listed::name).toList();
        assertEquals(names.stream().distinct().count(), names.size());
    }

    @Test
    void aMissingAnAdditionalAndAWrongTensorAreNamed() {
        Map<String, List<Long>> sizes = sizes("resnet18", 365);
        sizes.remove("layer1.0.bn1.bias");
        sizes.put("extra.weight", List.of(3L));
        sizes.put("layer2.0.conv1.weight", List.of(128L, 64L, 5L, 5L));
        String message = error(sizes, null);
        assertTrue(
                message.startsWith("net.pth: its tensors fit no network whose code this program has; the nearest is "
                        + "resnet18: it needs layer1.0.bn1.bias; it has other sizes: layer2.0.conv1.weight [128, 64, 5, 5] for "
                        + "[128, 64, 3, 3]; it does not have extra.weight; export the network itself"),
                message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void manyNamesAreCounted() {
        Map<String, List<Long>> sizes = sizes("resnet18", 365);
        sizes.keySet().removeIf(name -> name.startsWith("layer4."));
        assertTrue(error(sizes, "resnet18")
                .startsWith("net.pth: its tensors do not fit --arch resnet18: it needs layer4.0.conv1.weight, "
                        + "layer4.0.bn1.weight, layer4.0.bn1.bias and 22 more; "));
    }

    @Test
    void nothingNearIsSaidSo() {
        String message = error(Map.of("encoder.weight", List.of(3L, 3L)), null);
        assertTrue(message.startsWith("net.pth: its 1 tensors (encoder.weight) are of no network"), message);
    }

    @Test
    void aMistypedArchitectureIsCorrected() {
        String message = error(sizes("resnet18", 10), "resnet81");
        assertTrue(message.startsWith("--arch resnet81: no such network; did you mean resnet18"), message);
    }

    @Test
    void aNetworkThatSharesItsTensorsIsChosenByName() {
        Map<String, List<Long>> sizes = sizes("resnet18", 365);
        Fit usual = Architectures.recognise(LABEL, sizes, null);
        Fit wide = Architectures.recognise(LABEL, sizes, "wideresnet18-places365");
        assertEquals("resnet18", usual.architecture().name());
        assertEquals("wideresnet18-places365", wide.architecture().name());
        assertFalse(usual.network().equals(wide.network()));
        assertTrue(usual.architecture().note().orElseThrow().contains("wideresnet18-places365"));
    }

    @Test
    void tensorsOfTrainingAreExtras() {
        Map<String, List<Long>> sizes = sizes("googlenet", 1000);
        sizes.put("aux1.fc1.weight", List.of(1024L, 2048L));
        assertEquals(
                "googlenet",
                Architectures.recognise(LABEL, sizes, null).architecture().name());
    }

    @Test
    void oldNamesOfDenseNets() {
        Map<String, List<Long>> sizes = new LinkedHashMap<>();
        sizes("densenet161", 365)
                .forEach((name, size) ->
                        sizes.put(name.replaceFirst("(denselayer\\d+\\.(?:norm|conv))([12])\\.", "$1.$2."), size));
        assertTrue(sizes.containsKey("features.denseblock1.denselayer1.norm.1.weight"));
        Fit fit = Architectures.recognise(LABEL, sizes, null);
        assertEquals("densenet161", fit.architecture().name());
        assertEquals(
                "features.denseblock1.denselayer1.norm.1.weight",
                fit.names().get("features.denseblock1.denselayer1.norm1.weight"));
    }

    /** torchvision's googlenet-1378be20.pth and inception_v3_google-0cc3c7bd.pth change their input. */
    @Test
    void torchvisionsOwnInceptionsAreToldByTheirDigest() {
        assertTrue(Architectures.hasReleases("googlenet"));
        assertFalse(Architectures.hasReleases("resnet18"));
        assertEquals(
                Optional.of("googlenet-transform-input"),
                Architectures.ofRelease("1378be20" + "0".repeat(56), "googlenet"));
        assertEquals(Optional.empty(), Architectures.ofRelease("1378be20" + "0".repeat(56), "inception_v3"));
        assertEquals(Optional.empty(), Architectures.ofRelease("0".repeat(64), "googlenet"));
        Map<String, List<Long>> sizes = sizes("inception_v3", 1000);
        assertEquals(
                "inception_v3-transform-input",
                Architectures.recognise(
                                LABEL,
                                sizes,
                                Architectures.ofRelease("0cc3c7bd", "inception_v3")
                                        .orElseThrow())
                        .architecture()
                        .name());
    }

    @Test
    void maxvitIsSentToExport() {
        Map<String, List<Long>> sizes = Map.of(
                "stem.0.0.weight", List.of(64L, 3L, 3L, 3L),
                "blocks.0.layers.0.layers.MBconv.proj.1.weight", List.of(64L));
        String message = error(sizes, null);
        assertTrue(message.contains("maxvit") && message.contains(".pt2") && !message.contains("\n"), message);
    }
}
