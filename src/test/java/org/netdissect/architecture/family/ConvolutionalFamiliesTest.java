package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/** Sizes of convolutional networks that are too large, or too many, for the stored lists of {@link FamilyFile}. */
class ConvolutionalFamiliesTest {
    /** Numbers of parameters as torchvision publishes them (num_params of its weights). */
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2,3504872",
        "efficientnet_v2_l,118515272",
        "regnet_x_32gf,107811560",
        "regnet_y_32gf,145046770",
        "regnet_y_128gf,644812894",
    })
    void parametersAreAsManyAsPublished(String name, long count) {
        List<Architecture> all =
                Families.ALL.stream().flatMap(family -> family.known().stream()).toList();
        assertEquals(count, parameters(named(all, name).network().apply(1000)));
    }

    /** Parameters of torchvision's mobilenet_v2(width_mult=W, num_classes=10). */
    @ParameterizedTest
    @CsvSource({
        "0.1,98890",
        "0.25,250922",
        "0.35,408938",
        "0.5,700490",
        "0.75,1368234",
        "1.1,2679370",
        "1.2,3204362",
        "1.3,3738442",
        "1.4,4333706",
        "1.5,4956362",
        "2.0,8722698",
    })
    void otherWidthsAreSuggested(String width, long count) {
        Architecture architecture = named(new MobileNetV2s().suggested(Map.of()), "mobilenet_v2_x" + width);
        ModuleSpec net = architecture.network().apply(10);
        assertEquals(count, parameters(net));
        ModuleSpec published = new MobileNetV2s().known().get(0).network().apply(10);
        assertEquals(published.allTensors().keySet(), net.allTensors().keySet());
    }

    private static Architecture named(List<Architecture> architectures, String name) {
        return architectures.stream()
                .filter(architecture -> architecture.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long parameters(ModuleSpec net) {
        return net.allTensors().values().stream()
                .filter(TensorSlot::parameter)
                .mapToLong(slot -> slot.sizes().stream().reduce(1L, Math::multiplyExact))
                .sum();
    }
}
